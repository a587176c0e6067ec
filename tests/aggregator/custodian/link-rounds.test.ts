import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkRounds } from '../../../aggregator/custodian/link-rounds.ts'
import { withdrawRecord } from '../../../aggregator/custodian/withdrawal.ts'
import type { Item, Question } from '../../../schemas/questionnaire.ts'
import { type Field, type MadeUp, openField, recordId } from '../ingest/field.ts'
import { homeSurvey, versionOf } from '../ingest/home-survey.ts'

const asked = (name: string, concept: string): Question => ({
  kind: 'question',
  name,
  type: 'text',
  concept,
  sensitivity: 'quasi-identifier',
})
const items: readonly Item[] = homeSurvey.items.flatMap((item): Item[] => {
  if (item.kind === 'repeat') {
    const members = item.items.map((each) => (each.name === 'B03' ? { ...each, concept: 'sex/1' } : each)) as Item[]
    return [{ ...item, items: [...members, asked('B04', 'birth-month/1'), asked('C01', 'country-of-birth/1')] }]
  }
  if (item.name !== 'A10') return [item]
  return [item, { ...item, name: 'A14', consent: 'linking' } as Item]
})
const survey = versionOf({ ...homeSurvey, items })

let field: Field
beforeEach(async () => {
  field = await openField({ survey, rounds: ['2026-r1', '2027-r1'] })
})
afterEach(() => field.close())

const purposes = (linking: boolean) => ({ interview: true, sharing: true, recontact: true, linking })
const visit = ({ round = '2026-r1', linking = true, ...made }: MadeUp & { round?: string; linking?: boolean }) =>
  field.send({
    ...made,
    names: made.names ?? ['Amihan'],
    answers: { A14: linking ? '1' : '0', person: [{ _id: 'm0', B03: 'F', B05: 30, B04: '1980-02-01', C01: 'PHL' }], ...made.answers },
    interview: {
      round,
      questionnaire: { id: survey.id, version: survey.version, sha256: survey.sha256 },
      consent: { purposes: purposes(linking), version: '1', language: 'en' },
    },
  })
const links = () => field.warehouse.read((connection) => linkRounds(connection, '2026-r1', '2027-r1'))

describe('linking two rounds', () => {
  it('finds a person of both, though the pseudonyms of the rounds differ', async () => {
    await visit({ number: 1 })
    await visit({ number: 2, round: '2027-r1', names: [' amihan '] })
    await field.ingest.once()
    const [link] = await links()
    expect(link?.earlier).toMatch(/^[0-9a-f]{32}$/)
    expect(link?.later).not.toBe(link?.earlier)
  })

  it('keeps a token only where the home consented to linking', async () => {
    await visit({ number: 1, linking: false })
    await visit({ number: 2, round: '2027-r1' })
    await field.ingest.once()
    expect(await field.rows('select record_id from link_token')).toEqual([[recordId(2)]])
    expect(await links()).toEqual([])
  })

  it('links nobody when two people of a round could be meant', async () => {
    await visit({ number: 1 })
    await visit({ number: 2, home: 'another' })
    await visit({ number: 3, round: '2027-r1' })
    await field.ingest.once()
    expect(await links()).toEqual([])
  })

  it('makes no token where a part is not known', async () => {
    await visit({ number: 1, answers: { person: [{ _id: 'm0', B03: '99', B05: 30, B04: '1980-02-01', C01: 'PHL' }] } })
    await field.ingest.once()
    expect(await field.rows('select * from link_token')).toEqual([])
  })

  it('forgets the token with a withdrawal', async () => {
    await visit({ number: 1 })
    await field.ingest.once()
    await withdrawRecord({ ...field, clock: () => new Date() }, recordId(1), 'custodian')
    expect(await field.rows('select * from link_token')).toEqual([])
  })
})
