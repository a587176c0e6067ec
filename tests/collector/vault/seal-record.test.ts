import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { readAreas } from '../../../aggregator/fieldwork/areas.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import type { ServerKey } from '../../../collector/vault/seal.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { madeUpInterviews } from '../../simulation/made-up-interviews.ts'

const root = new URL('../../../', import.meta.url)
const questionnaire = JSON.parse(await readFile(new URL('schemas/generated/household/questionnaire.json', root), 'utf8')) as Questionnaire
const areas = readAreas(await readFile(new URL('aggregator/fieldwork/example-areas.csv', root), 'utf8'))
const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)) }
const keys: ServerKey[] = [
  { purpose: 'seal-answers', kid: 'k1', jwk },
  { purpose: 'seal-identity', kid: 'k2', jwk },
]
const { id, version, sha256 } = questionnaire
const reference = { id, version, sha256 }
const day = { referenceDay: '2026-11-01', starts: '2026-11-01', ends: '2027-04-30' }
const round = {
  schema: 'round/1' as const,
  id: '2026-11',
  title: 'Test',
  questionnaire: reference,
  ...day,
  settings: { home_country: 'PHL' },
  areas: [...areas],
}

async function lengths(people: number, form: Questionnaire): Promise<readonly number[]> {
  const scene = { questionnaire, enrolment: { round, deviceId: 'device000001' }, seed: 40 + people, day: '2026-11-21T09:00:00+08:00' }
  const sealer = await createSealer(form, keys)
  const made = madeUpInterviews({ ...scene, isWanted: (count) => count === people }, 12)
  return Promise.all(
    made.map(async ({ interview, identity }) => {
      const { answers, identity: named } = await sealer.seal(interview, identity)
      return answers.sealed.length + (named?.sealed.length ?? 0)
    }),
  )
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

it('makes a household of two as long as one of six', async () => {
  const [two, six] = [median(await lengths(2, questionnaire)), median(await lengths(6, questionnaire))]
  expect(two).toBe(six)
  expect((await lengths(4, questionnaire)).filter((each) => each === two).length).toBeGreaterThanOrEqual(11)
})

it('is a quarter shorter with the dictionary that comes with the questionnaire than with one made of its questions', async () => {
  const { dictionary: _, ...without } = questionnaire
  expect(median(await lengths(5, questionnaire))).toBeLessThan(0.75 * median(await lengths(5, without)))
})
