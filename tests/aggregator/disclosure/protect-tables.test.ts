import { beforeAll, describe, expect, it } from 'vitest'
import { conditionsOf, impossibleCodes } from '../../../aggregator/disclosure/impossible.ts'
import { previewPlan } from '../../../aggregator/disclosure/plan-release.ts'
import { defaultPolicy, type IndicatorRule } from '../../../aggregator/disclosure/policy.ts'
import { protectTables, type ProtectedRelease } from '../../../aggregator/disclosure/protect-tables.ts'
import { communityTables, dimensionsOf, madeUpPeople, tabulated } from './community.ts'

const people = madeUpPeople(4, 900, 1, 3)
const rule = (id: string, change: Partial<IndicatorRule> = {}): [string, IndicatorRule] => [
  id,
  { id, unit: 'percent', minimumRespondents: 10, ...change },
]
let made: ProtectedRelease
beforeAll(async () => {
  made = await protectTables(communityTables(people, 4), {
    release: 'r1',
    indicators: new Map([
      rule('POP01', { unit: 'persons', universe: "${B06} = '1'" }),
      rule('IND01', { universe: "${B06} = '1' and ${X} != ''" }),
    ]),
  })
})

describe('protected tables', () => {
  it('print no count under ten, and no rate of fewer than 25', () => {
    for (const table of made.tables)
      for (const { value, numerator, denominator } of table.cells) {
        if (numerator !== null) expect(numerator).toBeGreaterThanOrEqual(10)
        if (table.type === 'proportion' && value !== null) expect(denominator).toBeGreaterThanOrEqual(25)
      }
  })

  it('round the counts of the smallest areas and form rates from what is printed', () => {
    for (const table of made.tables.filter(({ type, rule: { rounding } }) => type === 'proportion' && rounding === 5))
      for (const { nodes, value, numerator, denominator } of table.cells) {
        if (value === null || numerator === null || denominator === null) continue
        if (nodes[0] !== 0) expect([numerator % 5, denominator % 5]).toEqual([0, 0])
        expect(value).toBeCloseTo((100 * numerator) / denominator, denominator >= 1000 ? 0 : -1)
      }
  })

  it('count people of another sex under women or men, so that no table names them', () => {
    for (const table of made.tables)
      for (const { id, nodes } of table.dimensions) if (id === 'SEX') expect(nodes.map(({ code }) => code)).toEqual(['_T', 'F', 'M'])
  })

  it('are decided cell by cell once: a figure is the same in every table that shows it', () => {
    const seen = new Map<string, unknown>()
    for (const table of made.tables)
      for (const { nodes, ...figures } of table.cells) {
        const key = `${table.indicator} ${nodes.flatMap((node, axis) => (node === 0 ? [] : [`${table.dimensions[axis]?.id}=${table.dimensions[axis]?.nodes[node]?.code}`])).join(' ')}`
        if (seen.has(key)) expect([key, figures]).toEqual([key, seen.get(key)])
        seen.set(key, figures)
      }
  })

  it('mark what the definition rules out as such, and do not withhold it', async () => {
    const adults = tabulated(
      people,
      4,
      'ADULT',
      'proportion',
      ({ age }) => age >= 2,
      ({ answers }) => answers[0] === true,
    )
    const { tables } = await protectTables([adults], { release: 'r1', indicators: new Map([rule('ADULT', { universe: '${age} >= 15' })]) })
    const table = tables.find(({ id }) => id === 'ADULT.age')
    const statusOf = (band: string) =>
      new Set(table?.cells.filter(({ nodes }) => table.dimensions[1]?.nodes[nodes[1] ?? 0]?.code === band).map(({ status }) => status))
    expect(statusOf('Y0T14')).toEqual(new Set(['M']))
    expect(statusOf('Y15T24').has('M')).toBe(false)
  })

  it('leave a restricted indicator out below the region', async () => {
    const { tables, report } = await protectTables([{ ...communityTables(people, 4)[1], indicator: 'TIP01' } as never], {
      release: 'r1',
      indicators: new Map(),
    })
    expect([tables, report.left]).toEqual([[], [{ indicator: 'TIP01', reason: 'no planned table fits its areas and dimensions' }]])
  })

  it('give an area with fewer than fifty people its totals only', async () => {
    const few = [...people.filter(({ area }) => area !== 3), ...people.filter(({ area }) => area === 3).slice(0, 40)]
    const { tables } = await protectTables(communityTables(few, 4), { release: 'r1', indicators: new Map() })
    for (const table of tables.filter(({ dimensions }) => dimensions.length === 2))
      for (const { nodes, value } of table.cells) if (nodes[0] === 4 && nodes[1] !== 0) expect(value).toBeNull()
  })

  it('come out the same from several threads, and not at all when interrupted', async () => {
    const tables = communityTables(people, 4)
    const options = { release: 'r1', indicators: new Map() }
    const [alone, together] = [
      await protectTables(tables, { ...options, threads: 0 }),
      await protectTables(tables, { ...options, threads: 2 }),
    ]
    expect(together.tables).toEqual(alone.tables)
    expect(together.certificate.sha256).toBe(alone.certificate.sha256)
    await expect(protectTables(tables, { ...options, threads: 2, signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    )
    const stop = new AbortController()
    await expect(
      protectTables(tables, { ...options, threads: 2, signal: stop.signal, onProgress: () => stop.abort(new Error('stopped later')) }),
    ).rejects.toThrow(/stopped later|interrupted/)
  })

  it('can be previewed: the size of each table and how much of it is small', () => {
    const cross = { id: 'sex-age-status', levels: ['municipality'], by: ['SEX', 'AGE', 'MIG_STATUS'] }
    const policy = { ...defaultPolicy, plan: { ...defaultPolicy.plan, breakdowns: [cross] } }
    const preview = previewPlan(communityTables(people, 4), new Map(), policy)
    expect(preview.find(({ indicator, breakdown }) => indicator === 'POP01' && breakdown === 'area')).toMatchObject({
      cells: 5,
      smallShare: 0,
      advice: null,
    })
    expect(preview.find(({ breakdown }) => breakdown === 'sex-age-status')?.advice).toMatch(/More than half/)
  })
})

describe('the plan', () => {
  it('crosses dimensions only where enough people live', async () => {
    const names = async (minimumPersons: number) => {
      const cross = { id: 'sex-age', levels: ['municipality'], by: ['SEX', 'AGE'], minimumPersons }
      const policy = { ...defaultPolicy, plan: { ...defaultPolicy.plan, breakdowns: [cross], special: {} } }
      const { tables } = await protectTables(communityTables(people, 4), { release: 'r1', indicators: new Map(), policy })
      return tables.map(({ id }) => id)
    }
    expect(await names(900)).toEqual(['POP01.sex-age', 'IND01.sex-age'])
    expect(await names(901)).toEqual([])
  })
})

describe('a universe', () => {
  it('is read as conditions that must all hold, with what follows from them', () => {
    expect([...conditionsOf('${returnee_5y} = 1 and (${a} = 1 or ${b} = 2) and ${age} >= 15', defaultPolicy)]).toEqual([
      '${returnee_5y} = 1',
      '(${a} = 1 or ${b} = 2)',
      '${age} >= 15',
      "${B06} = '1'",
    ])
  })

  it('rules out ages, sexes and statuses by its words, never by the data', () => {
    const codes = impossibleCodes(
      { id: 'x', unit: '', minimumRespondents: 0, universe: "${returnee_5y} = 1 and ${age} <= 17 and ${B03} = 'F'" },
      dimensionsOf(2),
      defaultPolicy,
    )
    expect([...(codes.AGE ?? [])]).toEqual(['Y18T24', 'Y25T64', 'Y25T44', 'Y45T64', 'Y_GE65'])
    expect([...(codes.SEX ?? [])]).toEqual(['M', '_O', '_U'])
    expect([...(codes.MIG_STATUS ?? [])]).not.toContain('RETURN')
  })
})
