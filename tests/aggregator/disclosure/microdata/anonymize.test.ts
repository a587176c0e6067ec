import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AnonymizedMicrodata, anonymize, type MicrodataSpec } from '../../../../aggregator/disclosure/microdata/anonymize.ts'
import { groupBy } from '../../../../aggregator/disclosure/microdata/group-by.ts'
import { ageHierarchy, checkHierarchy, codeHierarchy } from '../../../../aggregator/disclosure/microdata/hierarchy.ts'
import { individualRisk } from '../../../../aggregator/disclosure/microdata/risk.ts'
import { searchLattice } from '../../../../aggregator/disclosure/microdata/lattice.ts'

const spec: MicrodataSpec = {
  release: 'x1',
  level: 'person',
  identifiers: [
    ageHierarchy('age'),
    codeHierarchy('sex', ['F', 'M'], [], 3),
    codeHierarchy(
      'area',
      ['a', 'b', 'c', 'd', 'e', 'f'],
      [
        ['north', ['a', 'b', 'c']],
        ['south', ['d', 'e', 'f']],
      ],
      2,
    ),
    codeHierarchy(
      'size',
      ['1', '2', '3', '4', '5', '6+'],
      [
        ['1-3', ['1', '2', '3']],
        ['4+', ['4', '5', '6+']],
      ],
    ),
  ],
  sensitive: { column: 'status', labels: ['none', 'return', 'foreign'] },
  household: 'home',
  k: 5,
  l: 2,
  limit: 0.01,
  sample: 0.5,
  seed: 'secret',
}
let connection: DuckDBConnection
let made: AnonymizedMicrodata

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`create table people as select (hash(i) % 90)::integer as age, (hash(i * 3) % 2)::integer as sex, (hash(i // 4) % 6)::integer as area,
    (hash(i // 4 + 7) % 6)::integer as size, case when hash(i * 5) % 10 < 7 then 0 when hash(i * 5) % 10 < 9 then 1 else 2 end as status, i // 4 as home from range(12000) t(i)`)
  made = await anonymize(connection, 'people', spec)
})

/** Classes of the exported rows, counted with a plain map. */
function classes({ extract }: AnonymizedMicrodata) {
  const first = extract.columns.findIndex(({ name }) => name === 'age')
  return groupBy(extract.rows, (row) => row.slice(first, first + spec.identifiers.length).join('|'))
}

describe('an extract of records', () => {
  it('holds nobody in a class of fewer than k, and no class with fewer than l statuses', () => {
    for (const rows of classes(made).values()) {
      expect(rows.length).toBeGreaterThanOrEqual(5)
      expect(new Set(rows.map((row) => row.at(-1))).size).toBeGreaterThanOrEqual(2)
    }
    expect(made.risk).toMatchObject({ sampleUniques: 0 })
    expect(made.risk.greatestRisk).toBeLessThanOrEqual(1 / 5)
  })

  it('is a sample of whole households, and nobody can tell which', () => {
    expect(made.risk.records + made.utility.dropped).toBeGreaterThan(12000 * 0.45)
    expect(made.risk.records + made.utility.dropped).toBeLessThan(12000 * 0.55)
  })

  it('keeps members of a home together only when k homes are composed alike', () => {
    const first = made.extract.columns.findIndex(({ name }) => name === 'age')
    const homes = groupBy(
      made.extract.rows.filter((row) => row[1] !== null),
      (row) => row[1],
    )
    const alike = groupBy(homes.values(), (rows) =>
      rows
        .map((row) => row.slice(first).join('|'))
        .toSorted()
        .join(' '),
    )
    for (const each of alike.values()) expect(each.length).toBeGreaterThanOrEqual(5)
  })

  it('numbers records anew and in another order than they came', () => {
    expect(made.extract.rows.map((row) => row[0])).toEqual(made.extract.rows.map((_, at) => at + 1))
    expect(made.extract.columns.map(({ name }) => name)).not.toContain('home')
  })

  it('finds the generalization with the least loss of all: every node was tried', async () => {
    const heights = spec.identifiers.map(({ levels }) => levels.length - 1)
    const total = made.risk.records + made.utility.dropped
    const lossOf = (node: readonly number[]) =>
      node.reduce((sum, level, at) => sum + ((spec.identifiers[at]?.importance ?? 1) * level) / Math.max(1, heights[at] ?? 1), 0)
    const search = await searchLattice({ connection, identifiers: spec.identifiers, k: 5, l: 2, mostOutside: Math.floor(total * 0.01) })
    expect(search.best).toEqual(made.search.best)
    const nodes = heights.reduce<number[][]>(
      (all, height) => all.flatMap((node) => Array.from({ length: height + 1 }, (_, level) => [...node, level])),
      [[]],
    )
    expect(nodes.length).toBe(search.nodes)
    for (const node of nodes.filter((each) => lossOf(each) < search.loss - 1e-9)) {
      const columns = node.map((level, at) => `([${spec.identifiers[at]?.levels[level]?.join(',')}])[q${at} + 1]`).join(', ')
      const found = await connection.runAndReadAll(
        `select coalesce(sum(n) filter (where n < 5 or v < 2), 0)::double from (select count(*) as n, count(distinct s) as v from sampled group by ${columns})`,
      )
      expect(Number(found.getRows()[0]?.[0])).toBeGreaterThan(total * 0.01 - 1)
    }
  })

  it('keeps the column whose grouping is said to lose more', async () => {
    const own = await (await DuckDBInstance.create(':memory:')).connect()
    await own.run('create temp table base as select i as q0, j as q1, 1::bigint as n, 1::bigint as b from range(4) a(i), range(4) b(j)')
    const column = (name: string, losses: readonly number[]) => ({ ...codeHierarchy(name, ['a', 'b', 'c', 'd']), losses })
    const search = async (first: number, second: number) => {
      const identifiers = [column('first', [0, first]), column('second', [0, second])]
      return searchLattice({ connection: own, identifiers, k: 4, l: 1, mostOutside: 0 })
    }
    expect(await search(3, 2)).toMatchObject({ best: [0, 1], loss: 2 })
    expect(await search(2, 3)).toMatchObject({ best: [1, 0], loss: 2 })
    own.closeSync()
  })

  it('refuses groups that are not nested', () => {
    const torn = {
      ...ageHierarchy('age'),
      levels: [
        [0, 1, 2, 3],
        [0, 0, 1, 1],
        [0, 1, 1, 1],
      ],
    }
    expect(() => checkHierarchy(torn)).toThrow(RangeError)
  })

  it('reports individual risk by the formulas of its source', () => {
    expect(individualRisk(1, 10)).toBeCloseTo((0.1 / 0.9) * Math.log(10), 12)
    expect(individualRisk(2, 20)).toBeCloseTo(0.1 / 0.9 - (0.1 / 0.9) ** 2 * Math.log(10), 12)
    expect(individualRisk(5, 15)).toBeCloseTo(1 / 3 / (5 - 2 / 3), 12)
    expect(individualRisk(4, 4)).toBe(0.25)
  })
})
