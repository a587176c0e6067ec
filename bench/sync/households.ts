import { readFile } from 'node:fs/promises'
import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { boundTo } from '../../schemas/sealing/cover.ts'
import { type SealedHalf, sealing } from '../../schemas/sealing/headers.ts'
import { cryptoRandom, recordId } from '../../collector/store/record-id.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import { sha256Hex, utf8 } from '../../collector/vault/bytes.ts'
import { openSession, sealPart } from '../../collector/vault/seal.ts'
import { createSealer } from '../../collector/vault/seal-record.ts'
import { madeUpInterviews } from '../../tests/simulation/made-up-interviews.ts'

export interface Household {
  readonly interview: Interview
  readonly identity: Identity | null
}

/** Interviews of made-up households of five: others, on another day, than those in the questionnaire's dictionary. */
export async function householdsOfFive(enrolment: Enrolment, count: number): Promise<readonly Household[]> {
  const path = new URL('../../schemas/generated/household/questionnaire.json', import.meta.url)
  const questionnaire = JSON.parse(await readFile(path, 'utf8')) as Questionnaire
  const isWanted = (people: number) => people === 5
  return madeUpInterviews({ questionnaire, enrolment, seed: 5, day: '2026-11-21T09:00:00+08:00', isWanted }, count)
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
      const { id: _id, kind, round, area, questionnaire } = interview
      const cover = { _id, kind, round, area, questionnaire, finished: interview.finished.slice(0, 10) }
      const part = async (half: SealedHalf, content: unknown) =>
        sealPart(await openSession(key(`seal-${half}`)), {
          half,
          bound: boundTo(half, cover),
          dictionary: sealing.noDictionary,
          frame: utf8(JSON.stringify(content)),
        })
      const content = {
        ...cover,
        schema: 'sealed/1' as const,
        answers: await part('answers', interview),
        ...(identity ? { identity: await part('identity', identity) } : {}),
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
