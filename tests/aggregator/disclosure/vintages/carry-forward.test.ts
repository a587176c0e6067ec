import { describe, expect, it } from 'vitest'
import type { ProtectedTable } from '../../../../aggregator/disclosure/protected.ts'
import { protectTables } from '../../../../aggregator/disclosure/protect-tables.ts'
import { carryForward, changesByArea } from '../../../../aggregator/disclosure/vintages/carry-forward.ts'
import { recall, remember } from '../../../../aggregator/disclosure/vintages/memory.ts'
import { communityTables, type MadeUpPerson, madeUpPeople } from '../community.ts'

const people = madeUpPeople(4, 1200, 1, 31)
const first = communityTables(people, 4)
/** 200 by `npm run property:disclosure`; a sample in every run. */
const trials = Number(process.env.TALA_TRIALS ?? 10)
const figures = (tables: readonly ProtectedTable[]) => tables.map(({ id, cells }) => [id, cells])

/** The change one life makes: leaving, moving to another barangay, another status. */
const lives: readonly (readonly [string, (person: MadeUpPerson) => readonly MadeUpPerson[]])[] = [
  ['withdrawn', () => []],
  ['moved', (person) => [{ ...person, area: (person.area + 1) % 4 }]],
  ['corrected', (person) => [{ ...person, status: (person.status + 1) % 7 }]],
]

describe('two vintages', () => {
  it('remember what they were made of', () => {
    expect(remember('r1', first).tables.map(recall)).toEqual(first)
  })

  it('show no difference when one person left, moved or was corrected', { timeout: 1_200_000 }, () => {
    // Before protection: figures that do not change cannot differ after it either.
    for (const [, change] of lives)
      for (let trial = 0; trial < trials; trial++) {
        const who = (trial * 7919) % people.length
        const next = people.flatMap((person, at) => (at === who ? change(person) : [person]))
        const { tables, carried } = carryForward(first, communityTables(next, 4), 10)
        expect(carried).toEqual(['B01', 'B02', 'B03', 'B04'])
        expect(tables).toEqual(first)
      }
  })

  it('would give that person away if the new figures were simply published', async () => {
    const who = people.findIndex(({ status }) => status === 0)
    const next = communityTables(
      people.filter((_, at) => at !== who),
      4,
    )
    const [a, naive, careful] = [
      await protectTables(first, { release: 'r1', indicators: new Map() }),
      await protectTables(next, { release: 'r2', indicators: new Map() }),
      await protectTables(next, { release: 'r2', indicators: new Map(), earlier: [remember('r1', first)] }),
    ]
    expect(figures(naive.tables)).not.toEqual(figures(a.tables))
    expect(figures(careful.tables)).toEqual(figures(a.tables))
    expect(careful.report.carried.length).toBe(4)
  })

  it('take over the areas where enough records changed, and add up to their totals', () => {
    const next = communityTables([...people, ...madeUpPeople(1, 60, 1, 5)], 4)
    const { tables, carried } = carryForward(first, next, 10)
    expect(carried).toEqual(['B02', 'B03', 'B04'])
    for (const [at, table] of tables.entries())
      expect(new Map(table.cells.map((cell) => [cell.nodes.join(), cell.respondents]))).toEqual(
        new Map(next[at]?.cells.map((cell) => [cell.nodes.join(), cell.respondents])),
      )
  })

  it('do not print, where enough records changed, a figure that differs by a few people only', async () => {
    const next = [...people, ...madeUpPeople(1, 60, 1, 5)]
    const memory = remember('r1', first)
    const a = await protectTables(first, { release: 'r1', indicators: new Map() })
    const b = await protectTables(communityTables(next, 4), { release: 'r2', indicators: new Map(), earlier: [memory] })
    const exact = (tables: readonly ProtectedTable[]) =>
      new Map(
        tables
          .filter(({ id }) => id === 'POP01.pyramid')
          .flatMap(({ cells }) => cells.map((cell) => [cell.nodes.join(), cell.value] as const)),
      )
    const [before, after] = [exact(a.tables), exact(b.tables)]
    const differences = [...after].flatMap(([key, value]) => {
      const old = before.get(key) ?? null
      return value === null || old === null || value === old ? [] : [Math.abs(value - old)]
    })
    expect(differences.length).toBeGreaterThan(0)
    expect(Math.min(...differences)).toBeGreaterThanOrEqual(10)
  })

  it('do not print a figure that differs by a few people from any release before, not only the last', { timeout: 120_000 }, async () => {
    // Sixty people come to the first barangay and most of them leave again: the third release is nearly the first.
    const guests = madeUpPeople(1, 60, 1, 5)
    const towns = [people, [...people, ...guests], [...people.slice(3), ...guests.slice(0, 4)]]
    const made: Awaited<ReturnType<typeof protectTables>>[] = []
    for (const [at, town] of towns.entries())
      made.push(
        await protectTables(communityTables(town, 4), {
          release: `r${at + 1}`,
          indicators: new Map(),
          earlier: made.map(({ memory }) => memory).toReversed(),
        }),
      )
    const exact = ({ tables }: (typeof made)[number]) =>
      new Map(
        tables
          .filter(({ rule }) => rule.rounding === null)
          .flatMap(({ id, cells }) =>
            cells.flatMap(({ nodes, numerator, denominator }) => [
              [`${id} ${nodes.join()} n`, numerator] as const,
              [`${id} ${nodes.join()} d`, denominator] as const,
            ]),
          ),
      )
    const [first, second, third] = made.map(exact)
    const differences = (before = new Map<string, number | null>()) =>
      [...(third ?? [])].flatMap(([key, value]) => {
        const old = before.get(key) ?? null
        return value === null || old === null || value === old ? [] : [Math.abs(value - old)]
      })
    expect(Math.min(...differences(second))).toBeGreaterThanOrEqual(10)
    expect(differences(first).filter((each) => each < 10)).toEqual([])
    expect([...(third ?? [])].filter(([, value]) => value !== null).length).toBeGreaterThan(5)
  })

  it('hold the figures printed for an area that stands against those of the rest', { timeout: 120_000 }, async () => {
    const a = await protectTables(first, { release: 'r1', indicators: new Map() })
    const next = communityTables([...people, ...madeUpPeople(1, 60, 1, 5)], 4)
    const b = await protectTables(next, { release: 'r2', indicators: new Map(), earlier: [a.memory] })
    expect(b.report.carried).toEqual(['B02', 'B03', 'B04'])
    // What stood printed stays printed, what stood withheld stays withheld.
    const standing = (tables: readonly ProtectedTable[]) =>
      tables.flatMap(({ id, cells, dimensions }) =>
        cells.filter(({ nodes }) => dimensions[0]?.id === 'REF_AREA' && (nodes[0] ?? 0) > 1).map((cell) => [id, cell]),
      )
    expect(standing(b.tables)).toEqual(standing(a.tables))
  })

  it('come out also where the printed population leaves little room', async () => {
    const rules = new Map(
      ['POP01', 'IND01'].map((id) => [
        id,
        { id, unit: '', minimumRespondents: 10, universe: id === 'POP01' ? "${B06} = '1'" : "${B06} = '1' and ${X} != ''" },
      ]),
    )
    const next = communityTables([...people, ...madeUpPeople(1, 60, 1, 5)], 4)
    const second = await protectTables(next, { release: 'r2', indicators: rules, earlier: [remember('r1', first)] })
    expect(second.report.published).toBeGreaterThan(50)
  })

  it('count changes too low rather than too high', () => {
    const next = communityTables([...people, ...madeUpPeople(1, 12, 1, 5)], 4)
    expect(changesByArea(first, next).get('B01')).toBeLessThanOrEqual(12)
    expect(changesByArea(first, next).get('B02')).toBe(0)
  })
})
