import type { Page } from 'playwright-core'
import type { Answer } from '../../schemas/interview/answers.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Household } from '../simulation/people.ts'
import { householdAnswer, personAnswer, type Scene } from '../simulation/respondent.ts'

/** Where the app stands, as a person sees it. */
export type Screen =
  | { readonly kind: 'question'; readonly question: Question; readonly title: string; readonly person: string | undefined }
  | { readonly kind: 'roster' }
  | { readonly kind: 'summary' }
  | { readonly kind: 'other'; readonly title: string }

/** Somebody who holds the phone: reads the screen, answers what the household says, presses Next. English interface. */
export class Enumerator {
  readonly page: Page
  readonly #household: Household
  readonly #scene: Scene
  readonly #questions: readonly Question[]
  /** Every answer the phone showed as saved: question and, for members, the name. */
  readonly shownSaved: string[] = []
  readonly #pauseMs: number

  /** @param pauseMs leaves the page alone for so long after each tap, as a person would; 0 looks at it all the time. */
  constructor(page: Page, questionnaire: Questionnaire, household: Household, scene: Scene, pauseMs = 0) {
    this.page = page
    this.#pauseMs = pauseMs
    this.#household = household
    this.#scene = scene
    this.#questions = questionsOf(questionnaire.items)
  }

  async setUp(link: string, pin: string): Promise<void> {
    await this.page.goto(link)
    await this.choosePin(pin)
  }

  async choosePin(pin: string): Promise<void> {
    for (const heading of ['Choose a PIN', 'Write the same PIN again']) {
      await this.page.getByText(heading).first().waitFor()
      await this.enterPin(pin)
    }
    await this.page.getByRole('button', { name: 'New interview' }).waitFor()
  }

  async enterPin(pin: string): Promise<void> {
    await this.page.locator('input[type=password]').fill(pin)
    await this.press('Next')
  }

  async begin(area: string): Promise<void> {
    await this.press('New interview')
    await this.page.getByText(area, { exact: true }).click()
    await this.press('Start')
    await this.page.locator('h1#question').waitFor()
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  /** Answers screen after screen until `until` says so; a screen that does not move on fails the test with its words. */
  async walk(until: (screen: Screen) => boolean): Promise<Screen> {
    let stuck = 0
    for (let step = 0; step < 1_500; step++) {
      const screen = await this.screen()
      if (until(screen)) return screen
      const before = await this.#mark()
      await this.#answer(screen)
      stuck = (await this.#mark()) === before ? stuck + 1 : 0
      if (stuck > 3) throw new Error(`The phone stays at: ${(await this.page.locator('body').innerText()).replaceAll('\n', ' | ')}`)
    }
    throw new Error('The interview does not end.')
  }

  async screen(): Promise<Screen> {
    const title = (await this.page.locator('h1').first().innerText()).trim()
    if (title === 'Look once more') return { kind: 'summary' }
    if ((await this.page.getByText('Add a person').count()) + (await this.page.getByLabel('Name or nickname').count()) > 0)
      return { kind: 'roster' }
    if ((await this.page.locator('h1#question').count()) === 0) return { kind: 'other', title }
    const name = await this.page.evaluate(
      () =>
        document
          .querySelector('main [name]')
          ?.getAttribute('name')
          ?.replace(/-month$/, '') ?? null,
    )
    const question = this.#questions.find((each) => each.name === name) ?? this.#questions.find((each) => labelPattern(each).test(title))
    if (!question) throw new Error(`No question of the form reads: ${title}`)
    const where = await this.page.locator('header').innerText()
    const person = this.#household.people.find(({ name: called }) => where.includes(called))?.name
    return { kind: 'question', question, title, person }
  }

  async #answer(screen: Screen): Promise<void> {
    if (screen.kind === 'roster') return this.#goThroughRoster()
    if (screen.kind !== 'question') return this.press('Next')
    const before = await this.#mark()
    await this.#give(screen.question, this.#said(screen))
    const isQuick = screen.question.appearance?.includes('quick') === true
    await this.page.waitForTimeout(this.#pauseMs * (isQuick ? 2 : 1))
    const goesOnByItself = isQuick && (await this.#movedOn(before, 1_500))
    if (!goesOnByItself) await this.#pressNext()
    if (!goesOnByItself) await this.#movedOn(before, 3_000)
    this.shownSaved.push(`${screen.question.name}${screen.person ? ` ${screen.person}` : ''}`)
  }

  async #pressNext(): Promise<void> {
    const next = this.page.locator('form.screen button[type=submit]')
    if (this.#pauseMs === 0) return await next.click()
    // Without the questions that a click asks the page before and after.
    await next.evaluate((button) => (button as HTMLButtonElement).click())
    await this.page.waitForTimeout(this.#pauseMs)
  }

  #said({ question, person }: Extract<Screen, { kind: 'question' }>): Answer | undefined {
    const member = this.#household.people.find(({ name }) => name === person)
    return member
      ? personAnswer(question.name, member, this.#household, this.#scene)
      : householdAnswer(question.name, this.#household, this.#scene)
  }

  async #give(question: Question, said: Answer | undefined): Promise<void> {
    const { page } = this
    switch (question.type) {
      case 'select_one':
      case 'select_multiple': {
        const all = page.getByRole('button', { name: /^Show all/ })
        if (await all.count()) await all.click()
        const codes = await page
          .locator('main fieldset input')
          .evaluateAll((inputs) => inputs.map((each) => (each as HTMLInputElement).value))
        const wanted = ([] as string[]).concat((said as string | string[] | undefined) ?? [])
        const offered = wanted.filter((code) => codes.includes(code))
        const chosen = offered.length > 0 ? offered : codes.filter((code) => !['98', '99', '', 'on'].includes(code)).slice(0, 1)
        for (const code of chosen)
          await page
            .locator(`main fieldset input[value="${code}"]`)
            .evaluate((input) => (input as HTMLInputElement).checked || (input as HTMLInputElement).click())
        return
      }
      case 'date': {
        const [year = '2020', month = '01'] = String(said ?? '2020-01-01').split('-')
        await page.getByRole('textbox', { name: 'Year' }).fill(year)
        await page
          .locator('.months input')
          .nth(Number(month) - 1)
          .evaluate((input) => (input as HTMLInputElement).click())
        const day = page.getByText('Day not known')
        if (await day.count()) await day.click()
        return
      }
      case 'integer':
      case 'decimal':
      case 'range':
        await page
          .locator('main input')
          .first()
          .fill(String(said ?? 1))
        return
      case 'text':
        if (said !== undefined || question.required !== undefined)
          await page
            .locator('main input, main textarea')
            .first()
            .fill(String(said ?? 'as told'))
        return
      case 'acknowledge':
        await page
          .locator('main input')
          .first()
          .evaluate((input) => (input as HTMLInputElement).click())
        return
      default:
        return
    }
  }

  /** First all names, then the count is read back, then the phone offers one person after the other. */
  async #goThroughRoster(): Promise<void> {
    const { page } = this
    const field = page.getByLabel('Name or nickname')
    const known = await page.locator('.cards').innerText()
    for (const { name } of this.#household.people) {
      if (known.includes(name)) continue
      if (!(await field.count())) await this.press('Add a person')
      await field.fill(name)
      await this.press('Add')
      await page.locator('.cards').getByText(name).first().waitFor()
    }
    await page.locator('form.screen .bar button[type=submit], form.screen button[type=submit]').last().click()
    const everyone = page.getByRole('button', { name: 'Yes, that is everyone' })
    await page.waitForTimeout(150)
    if (await everyone.count()) await everyone.click()
    await page.waitForTimeout(150)
  }

  /** What tells one screen from the next. */
  async #mark(): Promise<string> {
    const place = this.page.locator('header .where')
    return `${(await place.count()) ? await place.first().innerText() : ''}¦${await this.page.locator('h1').first().innerText()}`
  }

  async #movedOn(before: string, ms: number): Promise<boolean> {
    for (let waited = 0; waited < ms; waited += 40) {
      if ((await this.#mark().catch(() => before)) !== before) return true
      // A soft check asks once more: it is right as said.
      const right = this.page.getByRole('button', { name: 'Yes, it is right' })
      if (await right.count()) await right.first().click()
      await this.page.waitForTimeout(40)
    }
    return false
  }
}

function questionsOf(items: readonly Item[]): readonly Question[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item] : questionsOf(item.items)))
}

function labelPattern(question: Question): RegExp {
  const label = question.label?.en ?? ' '
  const parts = label.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
