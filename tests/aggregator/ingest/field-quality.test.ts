import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { responseRate } from '../../../aggregator/ingest/coverage.ts'
import { fieldQuality, isFar } from '../../../aggregator/ingest/field-quality.ts'
import { findings } from '../../../aggregator/ingest/findings.ts'
import { decide, reviewQueue } from '../../../aggregator/ingest/review.ts'
import type { Round } from '../../../schemas/generated/records.ts'
import type { Item, Question } from '../../../schemas/questionnaire.ts'
import { type Field, type MadeUp, openField, recordId } from './field.ts'
import { homeRound, homeSurvey, versionOf } from './home-survey.ts'

const asked = (name: string, concept: string): Question => ({
  kind: 'question',
  name,
  type: 'text',
  concept,
  sensitivity: 'quasi-identifier',
})
const results = ['1', '2', '3', '5', '6'].map((name) => ({ name, label: { en: name } }))
const refusal = ['call', 'if', ['op', '=', ['ref', 'A07'], ['str', '0']], ['str', '5'], ['ref', 'A03']] as const
const items: readonly Item[] = [
  ...homeSurvey.items.flatMap((item): readonly Item[] => {
    if (item.kind === 'repeat') {
      const members = item.items.map((each) => (each.name === 'B03' ? { ...each, concept: 'sex/1' } : each)) as Item[]
      const more = [
        asked('B04', 'birth-month/1'),
        asked('B09', 'civil-status/1'),
        asked('C01', 'country-of-birth/1'),
        asked('E03', 'education-level/1'),
      ]
      return [{ ...item, items: [...members, ...more] }]
    }
    if (item.name === 'A10') return [item, { ...asked('A14', 'consent/1'), type: 'select_one', list: 'yes_no', consent: 'linking' }]
    return [item.name === 'A03' ? ({ ...item, concept: 'visit-result/1' } as Item) : item]
  }),
  { ...asked('result', 'visit-result/1'), type: 'calculate', calculation: refusal, sensitivity: 'ordinary' },
]
const survey = versionOf({ ...homeSurvey, items, lists: { ...homeSurvey.lists, result: { choices: results } } })

const town = { name: 'Town', level: 'municipality' } as const
const round: Round = {
  ...homeRound,
  areas: [
    { code: 'T1', ...town },
    { code: 'T2', ...town },
    ...['1001 T1', '1002 T1', '2001 T2'].map((each) => {
      const [code = '', parent = ''] = each.split(' ')
      return { code, name: code, level: 'barangay' as const, parent }
    }),
  ],
}

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
/** A home whose members are compared by name: it consented to linking. */
const linked = ({ linking = true, ...made }: MadeUp & { readonly linking?: boolean }) =>
  visit({
    ...made,
    answers: { A14: linking ? '1' : '0', ...made.answers },
    interview: { ...made.interview, consent: { purposes: { interview: true, linking }, version: '1', language: 'en' } },
  })
const quality = (listed?: ReadonlyMap<string, number>) =>
  field.warehouse.read((connection) => fieldQuality(connection, survey, round, listed))
const person = (id: string, month: string, more: object = {}) => ({ _id: id, B03: 'F', B05: 30, B04: month, C01: 'PHL', ...more })

describe('twin households', () => {
  it('are two homes of one area whose members agree in sex, birth month and country of birth', async () => {
    const members = [person('m0', '1980-02-01'), person('m1', '2001-07-01')]
    await visit({ number: 1, answers: { person: members } })
    await visit({ number: 2, answers: { person: members.toReversed() } })
    await visit({ number: 3, answers: { person: [person('m0', '1980-02-01'), person('m1', '1999-01-01')] } })
    await field.ingest.once()
    expect((await quality()).homeTwins).toEqual([{ area: '1001', records: [recordId(1), recordId(2)] }])
  })

  it('are never seen in homes of one person: too many people share a birth month', async () => {
    for (const number of [1, 2]) await visit({ number, names: ['A'], answers: { person: [person('m0', '1980-02-01')] } })
    await field.ingest.once()
    expect((await quality()).homeTwins).toEqual([])
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

describe('people of two homes', () => {
  const amihan = (number: number, more: object = {}, made: Partial<MadeUp> & { linking?: boolean } = {}) =>
    linked({ number, names: ['Amihan'], answers: { person: [person('m0', '1980-02-01', more)] }, ...made })
  const twins = async () => {
    await field.ingest.once()
    return (await quality()).personTwins
  }
  const at = (number: number, member = 1) => ({ record: recordId(number), area: '1001', member })

  it('are perhaps one when name, birth month, sex and country of birth are the same', async () => {
    await amihan(1, { B09: '2', E03: '30' })
    await amihan(2, { B09: '2', E03: '30' }, { names: ['AMIHAN '] })
    await amihan(3, { B09: '2', E03: '30' }, { names: ['Dalisay'] })
    expect(await twins()).toEqual([{ pair: [at(1), at(2)], compared: 2, agreeing: 2 }])
  })

  it('are two when too much of what stays the same for months differs: many share a nickname', async () => {
    await amihan(1, { B09: '2', E03: '30' })
    await amihan(2, { B09: '2', E03: '40' })
    expect(await twins()).toEqual([])
  })

  it('are compared over the areas of one town, never with another town', async () => {
    const { area: _, ...next } = at(2)
    await amihan(1)
    await amihan(2, {}, { interview: { area: '1002' } })
    await amihan(3, {}, { interview: { area: '2001' } })
    expect(await twins()).toEqual([{ pair: [at(1), { ...next, area: '1002' }], compared: 0, agreeing: 0 }])
  })

  it('are never compared by name where a home did not consent to linking', async () => {
    await amihan(1)
    await amihan(2, {}, { linking: false })
    expect(await twins()).toEqual([])
  })

  it('are not looked for in one home, where twins may share a name, nor in records that do not count', async () => {
    await linked({ number: 1, answers: { person: [person('m0', '1980-02-01'), person('m1', '1980-02-01')] }, names: ['A', 'A'] })
    await amihan(2)
    await amihan(3, { B03: undefined })
    expect(await twins()).toEqual([])
  })

  it('wait in the review queue until somebody has decided, and nothing is stored about them', async () => {
    await amihan(1)
    await amihan(2)
    await field.ingest.once()
    const codes = () =>
      field.warehouse.read(async (connection) =>
        (await reviewQueue(connection, await findings(connection, survey, round))).map(({ record, flags }) => [
          record,
          flags.map(({ code }) => code),
        ]),
      )
    expect(await codes()).toEqual([
      [recordId(1), ['possible-duplicate-person']],
      [recordId(2), ['possible-duplicate-person']],
    ])
    expect(await field.rows("select * from flag where code like 'possible%'")).toEqual([])
    await decide(field.warehouse, { record: recordId(1), decided: 'hold', by: 'supervisor', comment: '' }, new Date())
    expect(await codes()).toEqual([])
  })
})

describe('coverage', () => {
  const closed = { A07: undefined, A08: undefined, A10: undefined, person: undefined }

  it('counts each home once, by what settles most, against the listing, and shows areas nobody has been to', async () => {
    await visit({ number: 1, home: 'a', answers: { ...closed, A03: '3' } })
    await visit({ number: 2, home: 'a' })
    await visit({ number: 3, home: 'b', answers: { A07: '0', A08: undefined, A10: undefined, person: undefined } })
    await visit({ number: 4, home: 'c', answers: { person: [{ _id: 'm0', B05: 3 }] } })
    await visit({ number: 5, home: 'd', answers: { ...closed, A03: '3' } })
    await visit({ number: 6, home: 'e', answers: { ...closed, A03: '3' } })
    await visit({ number: 7, home: 'e', answers: { ...closed, A03: '6' } })
    await visit({ number: 8, home: 'f', answers: { ...closed, A03: '2' } })
    await field.ingest.once()
    const { coverage } = await quality(new Map(Object.entries({ 1001: 9, 1002: 7 })))
    const nobody = { visited: 0, interviewed: 0, held: 0, refused: 0, absent: 0, noHome: 0, other: 0 }
    expect(coverage).toEqual([
      { area: '1001', listed: 9, visited: 6, interviewed: 1, held: 1, refused: 1, absent: 1, noHome: 1, other: 1 },
      { area: '1002', listed: 7, ...nobody },
    ])
    expect(coverage.map(responseRate)).toEqual([1 / 5, null])
  })

  it('knows no listing where nobody gave one', async () => {
    await visit({ number: 1 })
    await field.ingest.once()
    expect((await quality()).coverage).toEqual([expect.objectContaining({ area: '1001', listed: null, visited: 1 })])
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
      { record: recordId(30), area: '1001', question: 'B05', member: 1, distance: expect.any(Number) as unknown },
    ])
  })

  it('are not looked for among ages: every baby would be one', async () => {
    const ageOf = (item: Item): Item => (item.name === 'B05' ? ({ ...item, concept: 'age/1' } as Item) : item)
    const aged = {
      ...survey,
      items: survey.items.map((item) => (item.kind === 'repeat' ? { ...item, items: item.items.map(ageOf) } : item)),
    }
    await visitAged([...thirty, 110])
    expect((await field.warehouse.read((connection) => fieldQuality(connection, aged, round))).outliers).toEqual([])
  })

  it('are not looked for among few answers', async () => {
    await visitAged([...thirty.slice(1), 110])
    expect((await quality()).outliers).toEqual([])
  })
})
