import { complete, type CompletedInterview } from '../../collector/store/complete.ts'
import { cryptoRandom, recordId, rowId, withdrawalCode } from '../../collector/store/record-id.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import { roundContext } from '../../schemas/interview/round-context.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { interview } from './interviewer.ts'
import { makeHousehold } from './people.ts'
import { createRandom, type Random } from './random.ts'

export interface MadeUp extends CompletedInterview {
  readonly people: number
}

export interface MadeUpScene {
  readonly questionnaire: Questionnaire
  readonly enrolment: Pick<Enrolment, 'round' | 'deviceId'>
  readonly seed: number
  /** ISO 8601 with offset. */
  readonly day: string
  readonly isWanted: (people: number) => boolean
}

/**
 * Finished interviews as a real phone seals them: row ids of the phone, durations of every question that was asked, edits and interruptions.
 * The answers come from walking the form of the real questionnaire.
 */
export function madeUpInterviews({ questionnaire, enrolment, seed, day, isWanted }: MadeUpScene, count: number): readonly MadeUp[] {
  const random = createRandom(seed)
  const form = createForm(questionnaire, roundContext(enrolment.round, day.slice(0, 10), day))
  const areas = enrolment.round.areas.filter(({ level }) => level === 'barangay')
  const made: MadeUp[] = []
  for (let number = 1; made.length < count; number += 1) {
    const area = areas[number % areas.length]?.code ?? ''
    const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
    const household = makeHousehold(random, { area, number: `${number}-01-01` }, { year, month })
    if (!isWanted(household.people.length) || !household.agrees) continue
    const scene = { today: { year, month }, homeCountry: 'PHL', random }
    const answers = interview(form, household, scene, () => rowId(cryptoRandom))
    const started = `${day.slice(0, 11)}${clock(random)}${day.slice(19)}`
    made.push({ people: household.people.length, ...finished({ questionnaire, enrolment, form, area, started, answers, random }) })
  }
  return made
}

interface Visit extends Pick<MadeUpScene, 'questionnaire' | 'enrolment'> {
  readonly form: Form
  readonly area: string
  readonly started: string
  readonly answers: Answers
  readonly random: Random
}

function finished({ questionnaire, enrolment, form, area, started, answers, random }: Visit): CompletedInterview {
  const { id, version, sha256 } = questionnaire
  const draft = {
    id: recordId(enrolment.deviceId, Date.parse(started), cryptoRandom),
    kind: 'interview' as const,
    questionnaire: { id, version, sha256 },
    area,
    started,
    updated: started,
    answers,
    place: { screen: 'summary' as const },
    interfaceLanguage: 'fil',
    questionLanguage: 'fil',
    overrides: [],
    secondsByQuestion: durations(answers, random),
    edits: random.whole(0, 6),
    interruptions: random.whole(0, 2),
    practice: false,
  }
  const code = withdrawalCode(cryptoRandom)
  const minutes = random.whole(18, 55)
  const end = new Date(Date.parse(started) + minutes * 60_000 + 8 * 3_600_000).toISOString().slice(0, 19)
  const completion = { round: enrolment.round.id, device: enrolment.deviceId, finished: `${end}${started.slice(19)}`, appVersion: '0.1.0' }
  return complete(draft, form, { ...completion, withdrawalCode: code })
}

/** About six seconds a question, now and then half a minute; a question of the roster is asked once for each member. */
function durations(answers: Answers, random: Random): Record<string, number> {
  const seconds: Record<string, number> = {}
  const spend = (name: string) => {
    if (name === '_id') return
    const lucky = random.next() + random.next() + random.next()
    seconds[name] = (seconds[name] ?? 0) + 6 * Math.exp(1.2 * (lucky - 1.5))
  }
  for (const [name, value] of Object.entries(answers)) {
    if (Array.isArray(value) && typeof value[0] === 'object')
      for (const row of value as readonly object[]) for (const each of Object.keys(row)) spend(each)
    else spend(name)
  }
  return seconds
}

const clock = (random: Random) =>
  [random.whole(7, 18), random.whole(0, 59), random.whole(0, 59)].map((part) => String(part).padStart(2, '0')).join(':')
