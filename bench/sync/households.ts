import { readFile } from 'node:fs/promises'
import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import { roundContext } from '../../schemas/interview/round-context.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { sealing } from '../../schemas/sealing/headers.ts'
import { cryptoRandom, recordId } from '../../collector/store/record-id.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import { sha256Hex, utf8 } from '../../collector/vault/bytes.ts'
import { openSession, sealPart } from '../../collector/vault/seal.ts'
import { createSealer } from '../../collector/vault/seal-record.ts'
import { finishVisit } from '../../tests/simulation/door.ts'
import { interview } from '../../tests/simulation/interviewer.ts'
import { makeHousehold } from '../../tests/simulation/people.ts'
import { createRandom } from '../../tests/simulation/random.ts'

export interface Household {
  readonly interview: Interview
  readonly identity: Identity | null
}

/** Interviews of made-up households of five, answered by walking the form of the real questionnaire. */
export async function householdsOfFive(enrolment: Enrolment, count: number): Promise<readonly Household[]> {
  const path = new URL('../../schemas/generated/household/questionnaire.json', import.meta.url)
  const questionnaire = JSON.parse(await readFile(path, 'utf8')) as Questionnaire
  const random = createRandom(5)
  const day = '2026-11-21T09:00:00+08:00'
  const form = createForm(questionnaire, roundContext(enrolment.round, day.slice(0, 10), day))
  const area = enrolment.round.areas.find(({ level }) => level === 'barangay')?.code ?? ''
  const made: Household[] = []
  for (let number = 1; made.length < count; number += 1) {
    const household = makeHousehold(random, { area, number: `${number}-01-01` }, { year: 2026, month: 11 })
    if (household.people.length !== 5 || !household.agrees) continue
    const scene = { today: { year: 2026, month: 11 }, homeCountry: 'PHL', random }
    const answers = interview(form, household, scene, () => random.text(12, 'abcdefghijkmnpqrstuvwxyz23456789'))
    const visit = { form, questionnaire, enrolment, area, started: day, finished: day, languages: { interface: 'fil', questions: 'fil' } }
    made.push(finishVisit(visit, answers))
  }
  return made
}

/** Sealed as the phone does it: deflated with the questionnaire's dictionary, padded, one session key. */
export async function sealed(enrolment: Enrolment, households: readonly Household[], count: number): Promise<readonly SealedRecord[]> {
  const path = new URL('../../schemas/generated/household/questionnaire.json', import.meta.url)
  const sealer = await createSealer(JSON.parse(await readFile(path, 'utf8')) as Questionnaire, enrolment.keys)
  return Promise.all(renamed(enrolment, households, count).map(({ interview, identity }) => sealer.seal(interview, identity)))
}

/** The same interviews sealed as plain JSON, with a session key of their own each: what a straight use of JWE gives. */
export async function sealedPlainly(
  enrolment: Enrolment,
  households: readonly Household[],
  count: number,
): Promise<readonly SealedRecord[]> {
  const key = (purpose: string) => {
    const found = enrolment.keys.find((each) => each.purpose === purpose)
    if (!found) throw new RangeError(`no ${purpose} key`)
    return found
  }
  return Promise.all(
    renamed(enrolment, households, count).map(async ({ interview, identity }) => {
      const part = async (purpose: string, type: (typeof sealing.types)[keyof typeof sealing.types], content: unknown) =>
        sealPart(await openSession(key(purpose)), {
          type,
          record: interview.id,
          dictionary: sealing.noDictionary,
          frame: utf8(JSON.stringify(content)),
        })
      const content = {
        _id: interview.id,
        schema: 'sealed/1' as const,
        kind: interview.kind,
        round: interview.round,
        area: interview.area,
        questionnaire: interview.questionnaire,
        finished: interview.finished.slice(0, 10),
        answers: await part('seal-answers', sealing.types.answers, interview),
        ...(identity ? { identity: await part('seal-identity', sealing.types.identity, identity) } : {}),
      }
      return { ...content, sha256: await sha256Hex(sealedContent(content)) }
    }),
  )
}

function renamed(enrolment: Enrolment, households: readonly Household[], count: number): readonly Household[] {
  return Array.from({ length: count }, (_each, at) => {
    const household = households[at % households.length]
    if (!household) throw new RangeError('no households')
    const id = recordId(enrolment.deviceId, Date.now(), cryptoRandom)
    return {
      interview: { ...household.interview, id, device: enrolment.deviceId },
      identity: household.identity && { ...household.identity, id },
    }
  })
}
