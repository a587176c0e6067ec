import type { Draft, DraftPlace } from '../../../collector/phone.ts'
import type { Answers } from '../../../schemas/interview/answers.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import { everyKind } from '../../support/every-kind.ts'
import { interview } from '../../simulation/interviewer.ts'
import type { Household, Person } from '../../simulation/people.ts'
import { createRandom } from '../../simulation/random.ts'
import { householdForm, questionnaire } from '../interview/household.ts'

const person = (name: string, relationship: string, sex: 'F' | 'M', age: number, more: Partial<Person> = {}): Person => ({
  name,
  relationship,
  sex,
  birthYear: 2026 - age,
  birthMonth: 3,
  age,
  marital: age < 15 ? 'S' : 'M',
  history: { kind: 'local' },
  ...more,
})

/** Four people, one of them working abroad. Made up. */
export const family: Household = {
  area: '0402109001',
  number: '04-12',
  people: [
    person('Amina', '01', 'F', 34),
    person('Ramil', '02', 'M', 36, { history: { kind: 'abroad', country: 'SAU', monthsAway: 14, reason: '01' } }),
    person('Tala', '03', 'F', 9),
    person('Rosa', '06', 'F', 67, { marital: 'W' }),
  ],
  agrees: true,
  wealth: 0.5,
}

/** A draft of the household survey with the family's answers, opened at a place. */
export function familyDraft(place: DraftPlace, settings: Readonly<Record<string, string | number>> = {}, changed: Answers = {}): Draft {
  let ids = 0
  const scene = { today: { year: 2026, month: 11 }, homeCountry: 'PHL', random: createRandom(7) }
  const answers = interview(householdForm(settings), family, scene, () => {
    ids += 1
    return `row-${ids}`
  })
  return draftOf(questionnaire, { ...answers, ...changed }, place)
}

/** A draft of the form with every kind of question, with two people, opened at a place. */
export function everyKindDraft(place: DraftPlace, answers: Answers = {}): Draft {
  const form = createForm(everyKind, { today: '2026-11-21', now: '2026-11-21T12:00:00+00:00' })
  let all: Answers = { ...form.start(), home: '04-12', agree: '1', ready: 'OK', ...answers }
  for (const [index, name] of ['أمينة', 'Ramil'].entries()) {
    const row = `row-${index + 1}`
    all = form.answer(form.addRow(all, 'person', row), { name: 'first_name', repeat: 'person', row }, name)
  }
  return draftOf(everyKind, all, place)
}

export function draftOf(
  { id, version, sha256 }: { id: string; version: string; sha256: string },
  answers: Answers,
  place: DraftPlace,
): Draft {
  return {
    id: 'r:fake:1',
    kind: 'interview',
    questionnaire: { id, version, sha256 },
    area: '0402109001',
    started: '2026-11-21T12:00:00+00:00',
    updated: '2026-11-21T12:30:00+00:00',
    answers,
    place,
    interfaceLanguage: 'en',
    questionLanguage: 'en',
    overrides: [],
    secondsByQuestion: {},
    edits: 0,
    interruptions: 0,
    practice: false,
  }
}
