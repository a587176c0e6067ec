import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecordings, type Sound, writeRecordings } from '../../../schemas/recordings/recordings.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { everyKindDraft } from './family.ts'

// The sounds are made here: Chromium records its own test tone from a microphone that is not there.

let browser: ScreenBrowser
let pack = ''
beforeAll(async () => {
  browser = await openScreens({ width: 360, height: 640 }, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
  pack = join(tmpdir(), `tala-recordings-${process.pid}.tar`)
})
afterAll(async () => {
  await browser.close()
  await rm(pack, { force: true })
})

const button = (name: string | RegExp) => browser.page.getByRole('button', { name, exact: typeof name === 'string' })
const at = (name: string) => everyKindDraft({ screen: 'question', at: { name, repeat: 'person', row: 'row-1' } })

async function recordOne(): Promise<void> {
  await button('Record').click()
  await browser.page.waitForTimeout(400)
  await button('Stop, it is said').click()
  await button('Record again').waitFor()
}

describe('a local speaker', () => {
  it('records sentence by sentence, hears it, goes on another day, and saves one file', async () => {
    const { page } = browser
    await browser.open('form=every-kind')
    const toTheStudio = async () => {
      await button('Settings').click()
      await button('Recordings').click()
      await button('Record the questions').click()
      await button('English').click()
    }
    await toTheStudio()
    expect(await page.locator('h1').innerText()).toBe('Do you agree to talk with us?')
    await recordOne()
    await button('Listen').click()
    await page.getByText('1 of').first().waitFor()
    await button('Next').click()
    await recordOne()

    await page.reload()
    await toTheStudio()
    await page.getByText(/2 of \d+ recorded/).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), button('Save the file for the office').click()])
    const { questionnaire, language, sounds } = readRecordings(await readFile((await download.path()) ?? ''))
    expect([questionnaire, language, [...sounds.keys()]]).toEqual(['every-kind', 'en', ['questions/agree', 'choices/yes_no/1']])
    const sound = sounds.get('questions/agree')
    if (!sound) throw new Error('nothing was recorded')
    expect(sound.bytes.length).toBeGreaterThan(300)
    await writeFile(pack, packFor(sound))
    expect(browser.errors()).toEqual([])
  })
})

const packFor = (sound: Sound) =>
  writeRecordings({
    questionnaire: 'every-kind',
    language: 'en',
    sounds: new Map(
      ['questions/alone', 'questions/harm', 'choices/yes_no/1', 'choices/yes_no/0', 'choices/papers/1'].map((key) => [key, sound]),
    ),
  })

/** How many sounds were started since. */
async function watchSounds(): Promise<() => Promise<number>> {
  await browser.page.evaluate(() => {
    const started: string[] = []
    Object.assign(globalThis, { started })
    const { Audio: Original } = globalThis
    globalThis.Audio = class extends Original {
      constructor(source?: string) {
        super(source)
        this.addEventListener('play', () => started.push(this.src))
      }
    }
  })
  return () => browser.page.evaluate(() => (globalThis as unknown as { started: string[] }).started.length)
}

/** The answers that were lit, in their order: each only for as long as its sound. */
async function watchLit(): Promise<() => Promise<readonly string[]>> {
  await browser.page.evaluate(() => {
    const lit: string[] = []
    Object.assign(globalThis, { lit })
    const look = () => {
      const word = document.querySelector('.choice.heard')?.textContent?.trim()
      if (word !== undefined && lit.at(-1) !== word) lit.push(word)
    }
    new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] })
  })
  return () => browser.page.evaluate(() => (globalThis as unknown as { lit: string[] }).lit)
}

describe('a phone with recordings', () => {
  it('shows no speaker before there are any', async () => {
    await browser.open('form=every-kind', {}, at('alone'))
    await button('Let the person answer alone').waitFor()
    expect(await browser.page.locator('.speaker').count()).toBe(0)
  })

  it('takes a pack from a file, and no other file', async () => {
    const { page } = browser
    await browser.open('form=every-kind')
    await button('Settings').click()
    await button('Recordings').click()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'song.tar', mimeType: 'application/x-tar', buffer: Buffer.from('la la la') })
    await page.getByText('This is not a file with recordings for this survey.').waitFor()
    await page.locator('input[type=file]').setInputFiles(pack)
    await page.getByText(/English.*ready/).waitFor()
    expect(await page.getByText('This is not a file').count()).toBe(0)
  })

  it('reads the question aloud, again on a second tap, and is silent after Next', async () => {
    const { page } = browser
    await browser.open('form=every-kind', {}, at('alone'))
    const sounds = await watchSounds()
    await button('Listen to the question').click()
    await expect.poll(sounds).toBe(1)
    await button('Listen to the question').click()
    await expect.poll(sounds).toBe(2)
    await page.locator('.bar .back').click()
    expect(await page.evaluate(() => document.querySelectorAll('audio').length)).toBe(0)
  })

  it('hides the button of a question that nobody recorded', async () => {
    await browser.open('form=every-kind', {}, at('sex'))
    await browser.page.locator('.choice').first().waitFor()
    await browser.page.waitForTimeout(300)
    expect(await button('Listen to the question').count()).toBe(0)
  })

  it('lets the person hear all answers, each lit in its turn, and choose alone', async () => {
    const { page } = browser
    await browser.open('form=every-kind', {}, at('alone'))
    await button('Let the person answer alone').click()
    expect(await page.locator('.bar').count()).toBe(0)
    await expect.poll(() => button(/^Listen: /).count()).toBe(2)
    const [sounds, lit] = [await watchSounds(), await watchLit()]
    await button('Listen to all answers').click()
    await expect.poll(lit, { timeout: 10_000 }).toEqual(['Yes', 'No'])
    expect(await sounds()).toBe(3)
    await page.locator('.choice').getByText('No', { exact: true }).click()
    await button('Done, give the phone back').click()
    expect(await page.locator('.choice').count()).toBe(0)
  })

  it('asks "tick all" one by one, and keeps that the person answered alone', async () => {
    const { page } = browser
    await browser.open('form=every-kind', {}, at('harm'))
    await button('Let the person answer alone').click()
    await page.getByText('1 of 2', { exact: true }).waitFor()
    await button(/Listen: .*Birth certificate/).waitFor()
    await button('No').click()
    await page.getByText('2 of 2', { exact: true }).waitFor()
    expect(await button(/^Listen: /).count()).toBe(0)
    await button('Yes').click()
    await button('Done, give the phone back').click()
    await button('Enumerator: hold to go on').click({ delay: 900 })
    await page.locator('.member').first().waitFor()
    const draft = await page.evaluate(() => {
      const { fakePhone } = globalThis as unknown as {
        fakePhone: { drafts: ReadonlyMap<string, { answers: unknown; answeredAlone: unknown }> }
      }
      return [...fakePhone.drafts.values()][0]
    })
    expect(draft).toMatchObject({ answeredAlone: ['harm'], answers: { person: [{ harm: ['2'] }, {}] } })
    expect(browser.errors()).toEqual([])
  })

  it('plays a question by itself when that is chosen in the settings', async () => {
    const { page } = browser
    await browser.open('form=every-kind')
    await button('Settings').click()
    await button('Recordings').click()
    await page.getByText('Play each question by itself').click()
    expect(await page.evaluate(() => localStorage.getItem('tala.preferences'))).toContain('"autoplay":true')
  })
})
