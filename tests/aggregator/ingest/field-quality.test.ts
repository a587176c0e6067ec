import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fieldQuality, isFar } from '../../../aggregator/ingest/field-quality.ts'
import type { Item, Question } from '../../../schemas/questionnaire.ts'
import { type Field, type MadeUp, openField, recordId } from './field.ts'
import { homeSurvey, versionOf } from './home-survey.ts'

const asked = (name: string, concept: string): Question => ({
  kind: 'question',
  name,
  type: 'text',
  concept,
  sensitivity: 'quasi-identifier',
})
const items: readonly Item[] = homeSurvey.items.map((item) =>
  item.kind === 'repeat'
    ? {
        ...item,
        items: [
          ...item.items.map((each) => (each.name === 'B03' ? { ...each, concept: 'sex/1' } : each)),
          asked('B04', 'birth-month/1'),
          asked('C01', 'country-of-birth/1'),
        ],
      }
    : item,
)
const survey = versionOf({ ...homeSurvey, items })

let field: Field
beforeEach(async () => {
  field = await openField({ survey })
})
afterEach(() => field.close())

const visit = (made: MadeUp) =>
  field.send({
    ...made,
    interview: { ...made.interview, questionnaire: { id: survey.id, version: survey.version, sha256: survey.sha256 } },
  })
const quality = (listed?: ReadonlyMap<string, number>) =>
  field.warehouse.read((connection) => fieldQuality(connection, survey, '2026-r1', listed))
const person = (id: string, month: string) => ({ _id: id, B03: 'F', B05: 30, B04: month, C01: 'PHL' })

describe('twin households', () => {
  it('are two homes of one area whose members agree in sex, birth month and country of birth', async () => {
    const members = [person('m0', '1980-02-01'), person('m1', '2001-07-01')]
    await visit({ number: 1, answers: { person: members } })
    await visit({ number: 2, answers: { person: members.toReversed() } })
    await visit({ number: 3, answers: { person: [person('m0', '1980-02-01'), person('m1', '1999-01-01')] } })
    await field.ingest.once()
    expect((await quality()).twins).toEqual([[recordId(1), recordId(2)]])
  })

  it('are never seen in homes of one person: too many people share a birth month', async () => {
    for (const number of [1, 2]) await visit({ number, names: ['A'], answers: { person: [person('m0', '1980-02-01')] } })
    await field.ingest.once()
    expect((await quality()).twins).toEqual([])
  })
})

describe('enumerators', () => {
  it('stand out when their interviews are much shorter than those of the others', async () => {
    const minutes = [40, 38, 44, 41, 7]
    for (const [at, each] of minutes.entries())
      for (const visitNumber of [1, 2])
        await visit({
          number: at * 10 + visitNumber,
          device: `device0${at + 1}`,
          interview: { finished: `2026-11-02T08:${String(each).padStart(2, '0')}:00+08:00` },
        })
    await field.ingest.once()
    const { enumerators } = await quality()
    expect(enumerators.map(({ device, medianMinutes, unusual }) => [device, medianMinutes, unusual.includes('medianMinutes')])).toEqual([
      ['device01', 40, false],
      ['device02', 38, false],
      ['device03', 44, false],
      ['device04', 41, false],
      ['device05', 7, true],
    ])
  })

  it('are not compared when there are fewer than four', () => {
    expect(isFar(100, [1, 1, 100])).toBe(false)
    expect(isFar(100, [1, 1, 1, 100])).toBe(true)
    expect(isFar(11, [10, 10, 10, 11])).toBe(false)
  })
})

describe('coverage', () => {
  it('counts each home once, by its best result, and shows areas nobody has been to', async () => {
    await visit({ number: 1, home: 'a', answers: { A03: '2', A07: undefined, A08: undefined, A10: undefined, person: undefined } })
    await visit({ number: 2, home: 'a' })
    await visit({ number: 3, home: 'b', answers: { A07: '0', A08: undefined, A10: undefined, person: undefined } })
    await visit({ number: 4, home: 'c', answers: { person: [{ _id: 'm0', B05: 3 }] } })
    await field.ingest.once()
    expect(
      (
        await quality(
          new Map([
            ['1001', 5],
            ['1002', 7],
          ]),
        )
      ).coverage,
    ).toEqual([
      { area: '1001', listed: 5, visited: 3, interviewed: 1, held: 1, withoutInterview: 1 },
      { area: '1002', listed: 7, visited: 0, interviewed: 0, held: 0, withoutInterview: 0 },
    ])
  })
})

describe('outliers', () => {
  const visitAged = async (ages: readonly number[]) => {
    for (const [at, age] of ages.entries()) await visit({ number: at + 1, answers: { person: [{ _id: 'm0', B03: 'F', B05: age }] } })
    await field.ingest.once()
  }
  const thirty = Array.from({ length: 29 }, (_, at) => 30 + (at % 9))

  it('are answers in numbers far from all others, without the number', async () => {
    await visitAged([...thirty, 110])
    expect((await quality()).outliers).toEqual([
      { record: recordId(30), question: 'B05', member: 1, distance: expect.any(Number) as unknown },
    ])
  })

  it('are not looked for among few answers', async () => {
    await visitAged([...thirty.slice(1), 110])
    expect((await quality()).outliers).toEqual([])
  })
})
