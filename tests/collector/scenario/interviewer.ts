import type { OpenInterview } from '../interview/household.ts'
import { openMember } from '../../../collector/interview/pages.ts'
import { rowsOf, valueAt } from '../../../collector/interview/values.ts'
import { memberName } from '../../../collector/interview/members.ts'
import type { Answer, Place } from '../../../schemas/interview/answers.ts'
import type { ScreenBrowser } from '../screens/browser.ts'

/** What is said at the door: the words of a choice, several of them, a number or a text. A month is `1990-04`. */
export type Said = string | number | readonly string[]

/** Somebody who interviews: once on the engine alone, once through the real screens. */
export interface Interviewer {
  /** The words on the screen: the question, or the title of another screen. */
  asked(): Promise<string>
  /** Answers what is asked and goes on. */
  give(said: Said): Promise<void>
  /** Goes on without an answer, or past a notice. */
  next(): Promise<void>
  people(names: readonly string[]): Promise<void>
  open(name: string): Promise<void>
  /** Everything answered so far, by question; of members `name.question`. */
  answers(): Promise<Readonly<Record<string, Answer>>>
}

/** A story: each line names the question that must be asked then, and what is said. */
export class Scenario {
  readonly interviewer: Interviewer
  constructor(interviewer: Interviewer) {
    this.interviewer = interviewer
  }

  async answer(question: string, said: Said): Promise<void> {
    const asked = await this.interviewer.asked()
    if (asked !== question) throw new Error(`"${question}" is not asked now, but "${asked}"`)
    await this.interviewer.give(said)
  }

  async goOn(): Promise<void> {
    await this.interviewer.next()
  }
}

export function onTheEngine({ conduct }: OpenInterview): Interviewer {
  const here = (): Place => {
    const { place } = conduct.session().draft
    if (place.screen !== 'question') throw new Error(`no question here but ${place.screen}`)
    return place.at
  }
  const answers = () => conduct.session().draft.answers
  return {
    async asked() {
      const { form, draft } = conduct.session()
      if (draft.place.screen === 'summary') return 'Look once more'
      if (draft.place.screen !== 'question') return 'People of this home'
      return form.text(draft.answers, draft.place.at, 'label', 'en')
    },
    async give(said) {
      const { form, outline } = conduct.session()
      const place = here()
      const item = outline.nodes.get(place.name)?.item
      const codes = form.choices(answers(), place)
      const codeOf = (word: string) => {
        const code = codes.find(({ label }) => label.en === word)?.name
        if (code === undefined) throw new Error(`"${word}" is not offered`)
        return code
      }
      if (item?.kind === 'question' && item.type === 'date') conduct.answer(place, `${String(said)}-01`)
      else if (codes.length === 0) conduct.answer(place, said)
      else if (item?.kind === 'question' && item.type === 'select_multiple')
        conduct.answer(place, ([] as string[]).concat(said as string).map(codeOf))
      else conduct.answer(place, codeOf(String(said)))
      await conduct.next()
    },
    async next() {
      await conduct.next()
    },
    async people(names) {
      for (const name of names) conduct.addMember('person', name)
      conduct.counted()
      const row = rowsOf(answers(), 'person')[0]?._id ?? ''
      await conduct.go(openMember(conduct.session().form, answers(), 'person', row))
    },
    async open(name) {
      const { form, outline } = conduct.session()
      const row = rowsOf(answers(), 'person').find(({ _id }) => memberName(outline, answers(), 'person', _id) === name)?._id ?? ''
      await conduct.go(openMember(form, answers(), 'person', row))
    },
    answers: async () => flat(answers(), (row) => valueAt(answers(), { name: 'B01', repeat: 'person', row })),
  }
}

export function onTheScreens({ page }: ScreenBrowser): Interviewer {
  const draft = () =>
    page.evaluate(() => {
      const { fakePhone } = globalThis as unknown as {
        fakePhone: { drafts: ReadonlyMap<string, { answers: Record<string, unknown> }> }
      }
      return [...fakePhone.drafts.values()][0]
    })
  const mark = async () => `${await page.locator('header').first().innerText()} ${await page.locator('h1').first().innerText()}`
  const go = async () => {
    await page.locator('.bar .go').click()
  }
  const moved = async (before: string, action: () => Promise<unknown>) => {
    await action()
    for (let waited = 0; waited < 200 && (await mark()) === before; waited += 1) await page.waitForTimeout(25)
  }
  return {
    asked: async () => (await page.locator('h1').first().innerText()).trim(),
    async give(said) {
      const before = await mark()
      // The title can stand before what takes the answer.
      await page.locator('main input, main textarea').first().waitFor()
      if (await page.locator('.months').count()) {
        const [year = '', month = '1'] = String(said).split('-')
        await page.getByRole('textbox', { name: 'Year' }).fill(year)
        await page
          .locator('.month')
          .nth(Number(month) - 1)
          .click()
      } else if (await page.locator('main fieldset.choices').count()) {
        const all = page.getByRole('button', { name: /^Show all/ })
        if (await all.count()) await all.click()
        for (const word of ([] as string[]).concat(said as string)) await page.locator('.choice').getByText(word, { exact: true }).click()
      } else await page.locator('main input, main textarea').first().fill(String(said))
      // A quick choice would go on by itself; pressing Next at once must not skip a question.
      await moved(before, go)
    },
    async next() {
      await moved(await mark(), go)
    },
    async people(names) {
      for (const name of names) {
        await page.getByLabel('Name or nickname').fill(name)
        await page.getByRole('button', { name: 'Add', exact: true }).click()
      }
      await go()
      const before = await mark()
      await moved(before, () => page.getByRole('button', { name: 'Yes, that is everyone' }).click())
    },
    async open(name) {
      if ((await page.locator('.member').count()) === 0) {
        await page.locator('.top .where').click()
        await page.locator('.card').getByText('People of this home').click()
      }
      const before = await mark()
      await moved(before, () => page.locator('.member .card').getByText(name, { exact: true }).click())
    },
    async answers() {
      const found = await draft()
      const people = new Map((found?.answers.person as { _id: string; B01?: string }[] | undefined)?.map(({ _id, B01 }) => [_id, B01]))
      return flat(found?.answers ?? {}, (row) => people.get(row))
    },
  }
}

function flat(answers: Readonly<Record<string, unknown>>, nameOf: (row: string) => unknown): Readonly<Record<string, Answer>> {
  const all: Record<string, Answer> = {}
  for (const [name, value] of Object.entries(answers)) {
    if (name !== 'person') all[name] = value as Answer
    else {
      for (const { _id, ...row } of value as ({ _id: string } & Record<string, Answer>)[]) {
        for (const [question, answer] of Object.entries(row)) all[`${String(nameOf(_id))}.${question}`] = answer
      }
    }
  }
  return all
}
