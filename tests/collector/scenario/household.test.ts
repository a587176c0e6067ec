import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInterview } from '../interview/household.ts'
import { openScreens, type ScreenBrowser } from '../screens/browser.ts'
import { onTheEngine, onTheScreens, Scenario } from './interviewer.ts'
import './matchers.ts'

// Stories from the door. Each is told twice: on the engine alone, and by tapping through the real screens; both must agree.

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

const ways = [
  ['on the engine alone', async () => new Scenario(onTheEngine(await startInterview()))],
  [
    'through the screens',
    async () => {
      await browser.open('')
      await browser.page.getByRole('button', { name: 'New interview' }).click()
      await browser.page.getByRole('button', { name: 'Start' }).click()
      await browser.page.locator('.interview').waitFor()
      return new Scenario(onTheScreens(browser))
    },
  ],
] as const

async function atTheDoor(interview: Scenario): Promise<void> {
  await interview.answer('Home number on the listing (building, housing unit, household)', '04-12')
  await interview.answer('Result of this visit', 'Completed')
  await interview.answer('Which language do we use?', 'Filipino')
  await interview.answer('Can other people hear us now?', 'Nobody else can hear')
  await interview.answer('Is the person who answers 18 or older, and living here?', 'Yes')
  await interview.goOn()
}

async function withConsent(interview: Scenario): Promise<void> {
  await atTheDoor(interview)
  await interview.answer('Do you agree to do this interview? We will use your answers only to count and to plan.', 'Yes')
  await interview.answer('May we share your answers with planning offices and people who study this? We leave out all names.', 'Yes')
  for (let purpose = 0; purpose < 3; purpose++) await interview.interviewer.give('No')
  await interview.answer('How was the consent given?', 'Signed')
  await interview.goOn()
}

describe.each(ways)('%s', (_, start) => {
  it('a No ends the interview kindly, with nothing more to ask', async () => {
    const interview = await start()
    await atTheDoor(interview)
    await interview.answer('Do you agree to do this interview? We will use your answers only to count and to plan.', 'No')
    await expect(interview).toAsk('Look once more')
  })

  it('a school child is asked about school and not about marriage or work', async () => {
    const interview = await start()
    await withConsent(interview)
    await interview.interviewer.people(['Rosa', 'Amina'])
    await interview.interviewer.open('Amina')
    await interview.answer('How is Amina related to the head of this home?', 'Son or daughter')
    await interview.answer('Is Amina female or male?', 'Female')
    await interview.answer('In what month and year was Amina born?', '2017-04')
    await interview.answer('How old was Amina on the last birthday?', 9)
    await interview.answer('Where does Amina live now?', 'Living here now')
    await expect(interview).toAsk('With whom does Amina live?')
  })

  it('somebody abroad for work is asked for the country and how long', async () => {
    const interview = await start()
    await withConsent(interview)
    await interview.interviewer.people(['Amina', 'Ramil'])
    await interview.interviewer.open('Ramil')
    await interview.answer(`How is Ramil related to the head of this home?`, 'Wife, husband or partner')
    await interview.answer(`Is Ramil female or male?`, 'Male')
    await interview.answer(`In what month and year was Ramil born?`, '1990-04')
    await interview.answer(`How old was Ramil on the last birthday?`, 36)
    await interview.answer(`Where does Ramil live now?`, 'Living in another country')
    await interview.answer(`How many months has Ramil been away?`, 14)
    await expect(interview).toAsk(`In which country is Ramil now?`)
    await interview.answer(`In which country is Ramil now?`, 'Saudi Arabia')
    await interview.answer(`What was the main reason Ramil left?`, 'A job already found')
    expect(await interview.interviewer.answers()).toMatchObject({
      A07: '1',
      A09: '0',
      [`Ramil.B06`]: '3',
      [`Ramil.B07`]: 14,
      [`Ramil.B12`]: 'SAU',
      [`Ramil.B13`]: '01',
    })
  })

  it('an age that does not fit the month of birth is questioned, and may be left for later', async () => {
    const interview = await start()
    await withConsent(interview)
    await interview.interviewer.people(['Amina'])
    await interview.answer('How is Amina related to the head of this home?', 'Head of household')
    await interview.answer('Is Amina female or male?', 'Female')
    await interview.answer('In what month and year was Amina born?', '1990-04')
    await interview.answer('How old was Amina on the last birthday?', 15)
    await expect(interview).toAsk('How old was Amina on the last birthday?')
    await interview.goOn()
    await expect(interview).toAsk('Where does Amina live now?')
  })
})
