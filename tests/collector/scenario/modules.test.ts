import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Draft } from '../../../collector/phone.ts'
import type { Answer } from '../../../schemas/interview/answers.ts'
import { householdForm, openInterview, questionnaire } from '../interview/household.ts'
import { openScreens, type ScreenBrowser } from '../screens/browser.ts'
import { draftOf } from '../screens/family.ts'
import { onTheEngine, onTheScreens, Scenario } from './interviewer.ts'
import './matchers.ts'

// One story for every module of the survey, at the home of Amina, who came back, Ramil, who is abroad, and Tala, who is nine. All are told on the
// engine alone; those marked `onScreens` are told again by tapping, and must ask the same questions and keep the same answers.
// Module A and B are told in household.test.ts.

const settings = { ask_module_l: 1, certified: 1 }
const home = {
  A01: '0402109001',
  A02: '04-12',
  A03: '1',
  A04: 'fil',
  A05: '1',
  A06: '1',
  A07: '1',
  A08: '1',
  A09: '0',
  A10: '0',
  A14: '0',
  A11: '1',
}
const came = { C01: 'PHL', C02: 'PHL', C04: '3', C05: '1', C06: '1', C07: '1', C08: 'SAU', C09: '2025-03-01' }
const people: readonly Readonly<Record<string, Answer>>[] = [
  { B01: 'Amina', B02: '01', B03: 'F', B04: '1992-03-01', B05: 34, B06: '1', B09: 'M', B11: '1', B14: '1' },
  {
    B01: 'Ramil',
    B02: '02',
    B03: 'M',
    B04: '1990-04-01',
    B05: 36,
    B06: '3',
    B07: 14,
    B08: '0',
    B12: 'SAU',
    B13: '01',
    B09: 'M',
    B11: '2',
    B14: '0',
  },
  { B01: 'Tala', B02: '03', B03: 'F', B04: '2017-04-01', B05: 9, B06: '1', B10: '1', B11: '2' },
]

/** The interview with everything before the module answered, open at the module's first question. */
function draftAt({ module, person }: Story): Draft {
  const form = householdForm(settings)
  let answers = Object.entries(home).reduce((all, [name, value]) => form.answer(all, { name }, value), form.start())
  for (const [index, known] of people.entries()) {
    const row = `row-${index + 1}`
    answers = form.addRow(answers, 'person', row)
    const before = index === 0 && module !== 'module_c' ? { ...known, ...came } : known
    for (const [name, value] of Object.entries(before)) answers = form.answer(answers, { name, repeat: 'person', row }, value)
  }
  const index = people.findIndex(({ B01 }) => B01 === person)
  const asked = form.asked(answers, index === -1 ? undefined : { repeat: 'person', row: `row-${index + 1}` })
  const first = asked.find(
    ({ groups, place }) => groups.some(({ name }) => name === module) && (index === -1) === (place.row === undefined),
  )
  if (!first) throw new Error(`${module} is not asked`)
  return draftOf(questionnaire, answers, { screen: 'question', at: first.place })
}

interface Story {
  readonly title: string
  readonly module: string
  readonly person?: string
  readonly onScreens?: true
  tell(interview: Scenario): Promise<void>
}

const stories: readonly Story[] = [
  {
    title: 'C: somebody who came back after years abroad',
    module: 'module_c',
    onScreens: true,
    person: 'Amina',
    async tell(interview) {
      await interview.answer('In which country was Amina born?', 'Philippines')
      await interview.answer('What country is Amina a citizen of?', 'Philippines')
      await interview.answer('Where did Amina live 5 years ago?', 'Another country')
      await interview.answer('Where did Amina live 1 year ago?', 'This same town or village')
      await interview.answer('Has Amina ever lived in another country for 12 months or more?', 'Yes')
      await interview.answer('In the last 3 years, did Amina start a job in another country?', 'Yes')
      await interview.answer('What was the last country where Amina lived before living here?', 'Saudi Arabia')
      await interview.answer('In what month and year did Amina last come to live in this country?', '2025-03')
      await interview.answer("What was the main reason for Amina's last move?", 'War or armed conflict')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.returnee_5y': 1, 'Amina.C08': 'SAU' })
    },
  },
  {
    title: 'D: the papers of somebody who worked away',
    module: 'module_d',
    onScreens: true,
    person: 'Amina',
    async tell(interview) {
      await interview.answer('Which papers does Amina have?', ['Birth certificate', 'Passport'])
      await interview.answer('What made it hard to get papers in the last 12 months?', ['No problem'])
      await interview.answer("Who keeps Amina's passport while working away?", 'The person')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.D02': ['1', '3'] })
    },
  },
  {
    title: 'E: a child at school',
    module: 'module_e',
    person: 'Tala',
    async tell(interview) {
      await interview.answer('Is Tala going to school this school year?', 'Yes')
      await interview.answer('What level does Tala go to now?', 'Lower secondary (junior high)')
      await interview.answer('What is the highest level Tala has finished?', 'Upper secondary (senior high)')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Tala.E02': '1' })
    },
  },
  {
    title: 'F: difficulty with walking counts as disability',
    module: 'module_f',
    onScreens: true,
    person: 'Amina',
    async tell(interview) {
      await interview.goOn()
      await interview.answer('Does Amina have difficulty seeing, even if wearing glasses?', 'Some difficulty')
      await interview.answer('Does Amina have difficulty hearing, even if using a hearing aid?', 'No difficulty')
      await interview.answer('Does Amina have difficulty walking or climbing steps?', 'A lot of difficulty')
      await interview.answer('Does Amina have difficulty remembering or concentrating?', 'No difficulty')
      await interview.answer('Does Amina have difficulty with self-care, such as washing all over or dressing?', 'No difficulty')
      await interview.answer(
        'Using the usual language, does Amina have difficulty communicating, for example understanding or being understood?',
        'No difficulty',
      )
      await interview.answer('In the last 12 months, did Amina need health care but not get it?', 'No')
      await interview.answer('What health insurance does Amina have?', ['None'])
      await interview.answer('In the last 30 days, how often did worry or sadness stop you from doing daily things?', 'Never')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.disability': 1 })
    },
  },
  {
    title: 'G: work without social security',
    module: 'module_g',
    person: 'Amina',
    async tell(interview) {
      await interview.answer(
        'In the last 7 days, did Amina work for one hour or more for pay? Or in a family shop, business or farm that sells?',
        'Yes',
      )
      await interview.answer('What kind of work does Amina do?', 'Service and sales work (also care, cooking, guarding)')
      await interview.answer('For whom does Amina do this work?', 'Worker paid by an employer')
      await interview.answer('In what kind of place is the work?', "Another family's home (house work, care, driving, garden)")
      await interview.answer('Does the employer pay into a pension or social security for Amina?', 'No')
      await interview.answer('In the last 12 months, was Amina hurt at work so that Amina could not work for a day or more?', 'No')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.employed': 1, 'Amina.informal_job': 1 })
    },
  },
  {
    title: 'H: what a job abroad cost, in months of its pay',
    module: 'module_h',
    onScreens: true,
    person: 'Ramil',
    async tell(interview) {
      await interview.answer('In which country is (was) that job?', 'Saudi Arabia')
      await interview.answer('In what month and year did that job start?', '2025-10')
      await interview.answer('How was the job found?', 'Recruitment agency')
      await interview.answer('Was there a written contract before leaving?', 'Yes, in a language the person understands')
      await interview.answer('After arriving, did the contract or the work change?', 'No change')
      await interview.answer('What had to be paid to get this job?', ['Agency or broker fee', 'Ticket to the other country', 'Other'])
      await interview.answer('In which money were these costs paid?', 'Philippine Peso (PHP)')
      await interview.answer('How much was paid for: Agency or broker fee?', 45000)
      await interview.answer('How much was paid for: Ticket to the other country?', 18000)
      await interview.answer('How much was paid for other things?', 2000)
      await interview.answer('How much was the pay in the first month abroad?', 1800)
      await interview.answer('In which money was this pay?', 'Saudi Riyal (SAR)')
      await interview.answer('How much of the money of the costs did one unit of the pay money buy then?', 15)
      await interview.answer('Did the family borrow money to pay for this?', 'Yes')
      await interview.answer('What kind of work is (was) it?', 'Simple work (cleaner, domestic helper, labourer)')
      await interview.answer("Is (was) the work in another family's home?", 'Yes')
      expect(await interview.interviewer.answers()).toMatchObject({
        'Ramil.recruitment_cost': 65_000,
        'Ramil.rci': expect.closeTo(65_000 / (1_800 * 15), 6),
      })
    },
  },
  {
    title: 'I: coming back',
    module: 'module_i',
    person: 'Amina',
    async tell(interview) {
      await interview.answer('What was the main reason Amina came back?', 'Contract ended')
      await interview.answer("Was coming back Amina's own choice?", 'Own choice')
      await interview.answer('Was Amina paid all the wages before coming back?', 'Yes')
      await interview.answer('Before or just after coming back, did Amina know what help the government gives?', 'Yes')
      await interview.answer('What help did Amina get?', ['Travel home'])
      await interview.answer('What help does Amina need most now?', 'Travel home')
      await interview.answer('Does Amina want to go abroad again within 12 months?', 'Yes')
      await interview.answer('Since coming back, did people here treat you badly because you were away?', 'No')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.I02': '1' })
    },
  },
  {
    title: 'J: nobody has heard for half a year',
    module: 'module_j',
    person: 'Ramil',
    async tell(interview) {
      await interview.answer('When did the family last hear from Ramil?', 'More than 6 months ago')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Ramil.J01': '4' })
    },
  },
  {
    title: 'K: information, services and complaints',
    module: 'module_k',
    person: 'Amina',
    async tell(interview) {
      await interview.answer('Where did you hear about how to move, work or live in another place?', ['Other migrants'])
      await interview.answer('Which of these do you trust most?', 'Family or friends here')
      await interview.answer('Could you get the information in a language you know well?', 'Yes')
      await interview.answer('What phone do you use?', 'Own smartphone')
      await interview.answer('Do you know the migrant help desk in this town or city?', 'Yes')
      await interview.answer('In the last 12 months, what service did you or your family need but not get?', ['Health care'])
      await interview.answer('In the last 24 months, did you have a problem with pay or papers? Or with an agency or a boss?', 'No')
      await interview.answer('Are you a member of a union or a group of workers or migrants?', 'Yes')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.K07': '0' })
    },
  },
  {
    title: 'L: safety, asked of one adult alone',
    module: 'module_l',
    onScreens: true,
    person: 'Amina',
    async tell(interview) {
      await interview.goOn()
      await interview.answer('In the last 12 months, were you treated unfairly or badly because of who you are?', 'Yes')
      await interview.answer('Why, do you think?', ['Being a migrant or from another place'])
      await interview.answer('While working away from home, did any of these happen to you?', ['None of these'])
      await interview.answer('Were you ever locked up for your papers while you lived abroad?', 'No')
      await interview.answer('In the last 12 months, were you a victim of any of these?', ['None'])
      await interview.answer('Would you like someone who helps people in such cases to contact you safely?', 'No')
      expect(await interview.interviewer.answers()).toMatchObject({ 'Amina.L01': '1', 'Amina.L05': ['0'] })
    },
  },
  {
    title: 'M: money from away and living costs',
    module: 'module_m',
    onScreens: true,
    async tell(interview) {
      await interview.answer('In the last 12 months, did money or goods come to this home from another country?', 'Yes')
      await interview.answer('About how much in all in the last 12 months?', 120000)
      await interview.answer('How did the money come the last time?', 'Money transfer company')
      await interview.answer('How much money was sent?', 10000)
      await interview.answer('How much was the fee for sending?', 300)
      await interview.answer('What was most of the money used for?', 'Food and daily needs')
      await interview.answer('About how much money did this home get from all sources in the last 6 months?', 90000)
      await interview.answer('In the last 3 months, did anyone here go hungry, with no food or no money for food?', 'No')
      await interview.answer('In the last 12 months, which help from the government did this home get?', ['None'])
      await interview.answer('In the last 12 months, did a child under 5 years of this home die?', 'No')
      await interview.answer('In the last 12 months, did a woman of this home die from being pregnant or giving birth?', 'No')
      expect(await interview.interviewer.answers()).toMatchObject({ M04_fee: 300, income_per_person_year: 90_000 })
    },
  },
  {
    title: 'N: house, water and toilet',
    module: 'module_n',
    async tell(interview) {
      await interview.answer('Main material of the roof (look)', 'Strong (concrete, brick, iron, tile, good wood)')
      await interview.answer('Main material of the outer walls (look)', 'Strong (concrete, brick, iron, tile, good wood)')
      await interview.answer('Do you own or rent this house and lot?', 'Own house and lot')
      await interview.answer('How many rooms do you use for sleeping?', 2)
      await interview.answer('Where does your drinking water mostly come from?', 'Piped into the house')
      await interview.answer('What kind of toilet do people in this home use?', 'Flush to sewer')
      expect(await interview.interviewer.answers()).toMatchObject({ N04: 2, makeshift_house: 0 })
    },
  },
  {
    title: 'P: a home that had to leave and came back',
    module: 'module_p',
    onScreens: true,
    async tell(interview) {
      await interview.answer('In the last 5 years, which of these hurt this home or its work?', ['Storm or typhoon', 'Flood or landslide'])
      await interview.answer('Did this home have to leave because of it?', 'Yes')
      await interview.answer('How many members had to leave, the last time?', 3)
      await interview.answer('Are you now back in the home you left?', 'Yes')
      await interview.answer('Did a warning reach you in time and in your language?', 'Yes')
      await interview.answer(
        'Is anyone in this home planning to move in the next 12 months because of storms, floods, drought or the sea?',
        'No',
      )
      expect(await interview.interviewer.answers()).toMatchObject({ P01: ['1', '2'], P03: 3 })
    },
  },
  {
    title: 'Q: the last words',
    module: 'module_q',
    async tell(interview) {
      await interview.answer(
        'What should leaders know most about going away, work far from home, or coming back?',
        'Work for the young, here',
      )
      await interview.answer('How should we tell you the results?', ['Village meeting', 'Poster or paper'])
      await interview.answer('How good were the answers?', 'Good')
      expect(await interview.interviewer.answers()).toMatchObject({ Q02: ['1', '2'] })
    },
  },
]

describe('on the engine alone', () => {
  it.each(stories)('$title', async (story) => {
    await story.tell(new Scenario(onTheEngine(openInterview(draftAt(story), settings))))
  })

  it('every module with questions of its own has a story', () => {
    const modules = questionnaire.items
      .flatMap((item) => (item.kind === 'repeat' ? item.items : [item]))
      .filter(({ name }) => name.startsWith('module_'))
    const told = new Set([...stories.map(({ module }) => module), 'module_a', 'module_b'])
    expect(modules.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([])
  })
})

describe('through the screens', () => {
  let browser: ScreenBrowser
  beforeAll(async () => {
    browser = await openScreens()
  })
  afterAll(() => browser.close())

  it.each(stories.filter(({ onScreens }) => onScreens))('$title', async (story) => {
    await browser.open('module-l', {}, draftAt(story))
    await story.tell(new Scenario(onTheScreens(browser)))
    expect(browser.errors()).toEqual([])
  })
})
