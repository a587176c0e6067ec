import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { determined, type Interval, intervals, isBounded } from './attackers.ts'
import { type Knowledge, knowledgeOf, withoutComplements } from './knowledge.ts'
import type { Attack, Field } from './outcome.ts'
import { printedCounts, type Published, type Target } from './published.ts'

const primes = [33_554_393, 33_554_383] as const

/** T1: sums and differences of exact figures, modulo two primes. */
export const linearAudit: Attack = ({ target }) => {
  const all = knowledgeOf(target)
  const found = all.flatMap((each) => primes.map((prime) => determined(each, prime).length))
  const mutant = all.map((each) => determined(withoutComplements(each), primes[0]).length)
  const wanted = all.reduce((sum, each) => sum + each.wanted.length, 0)
  return {
    id: 'T1',
    title: 'no withheld small figure is a sum or difference of printed ones',
    pass: found.every((count) => count === 0),
    mutant_caught: mutant.some((count) => count > 0),
    note: `${wanted} small figures, ${all.length} indicators, 2 primes; without complements ${mutant.reduce((sum, each) => sum + each, 0)} are exact`,
  }
}

function bounds(
  field: Field,
  change: (knowledge: Knowledge) => Knowledge,
  options: { integer?: boolean; most?: number; stopAtFirst?: boolean },
): readonly Interval[] {
  const all = knowledgeOf(field.target).map(change)
  const until = performance.now() + field.milliseconds
  return all.flatMap((each) => {
    const step = Math.max(1, Math.ceil(each.wanted.length / (options.most ?? Number.POSITIVE_INFINITY)))
    return intervals(field.solver, each, {
      minimum: field.target.minimum,
      until,
      wanted: each.wanted.filter((_, at) => at % step === 0),
      ...(options.integer ? { integer: true } : {}),
      ...(options.stopAtFirst ? { stopAtFirst: true } : {}),
    })
  })
}

/** T2: bounds of every withheld small figure. */
export const linearBounds: Attack = (field) => {
  const found = bounds(field, (each) => each, {})
  const total = knowledgeOf(field.target).reduce((sum, each) => sum + each.wanted.length, 0)
  const bad = found.filter((each) => isBounded(each, field.target.minimum))
  const mutant = bounds(field, withoutComplements, { stopAtFirst: true }).filter((each) => isBounded(each, field.target.minimum))
  return {
    id: 'T2',
    title: 'every small figure may be 0 and may reach the minimum (linear programs)',
    pass: bad.length === 0 && found.length === total,
    mutant_caught: mutant.length > 0,
    note: `${found.length} of ${total} attacked, ${bad.length} bounded`,
  }
}

/** T3: the same with whole numbers only, on a sample. */
export const wholeNumberBounds: Attack = (field) => {
  const found = bounds(field, (each) => each, { integer: true, most: 6 })
  const bad = found.filter((each) => isBounded(each, field.target.minimum))
  const mutant = bounds(field, withoutComplements, { integer: true, most: 6, stopAtFirst: true }).filter((each) =>
    isBounded(each, field.target.minimum),
  )
  return {
    id: 'T3',
    title: 'the same with whole numbers',
    pass: bad.length === 0 && found.length > 0,
    mutant_caught: mutant.length > 0,
    note: `${found.length} attacked, ${bad.length} bounded`,
  }
}

/** T8: parent minus printed siblings, by hand. */
export const parentMinusSiblings: Attack = ({ target }) => {
  const found = subtract(target, false)
  const mutant = subtract(target, true)
  return {
    id: 'T8',
    title: 'no small figure is its parent minus its siblings',
    pass: found === 0,
    mutant_caught: mutant > 0,
    note: `${found} found; ${mutant} when only small figures are withheld`,
  }
}

function subtract(target: Target, publishOthers: boolean): number {
  let found = 0
  for (const table of target.tables) {
    const truth = target.truth.get(table.id) ?? []
    const countAt = new Map(
      table.cells.map((cell, at) => [cell.nodes.join(), printedOrTrue(table, at, truth[at]?.[0] ?? 0, target.minimum, publishOthers)]),
    )
    const impossible = new Set(table.cells.filter(({ status }) => status === 'M').map(({ nodes }) => nodes.join()))
    table.cells.forEach((cell, at) => {
      const [count = 0] = truth[at] ?? []
      if (cell.status === 'M' || countAt.get(cell.nodes.join()) !== null || count >= target.minimum) return
      table.dimensions.forEach(({ nodes }, axis) => {
        const parent = nodes[cell.nodes[axis] ?? 0]?.parent ?? null
        if (parent === null || table.rule.rounding !== null) return
        const siblings = [...nodes.keys()].filter((node) => nodes[node]?.parent === parent && node !== cell.nodes[axis])
        const around = [parent, ...siblings].map((node) => {
          const place = cell.nodes.with(axis, node).join()
          return impossible.has(place) ? 0 : (countAt.get(place) ?? null)
        })
        if (around.every((each) => each !== null)) found++
      })
    })
  }
  return found
}

function printedOrTrue(table: Published, at: number, count: number, minimum: number, publishOthers: boolean): number | null {
  const cell = table.cells[at]
  const printed = cell ? printedCounts(table, cell).denominator : null
  return printed ?? (publishOthers && count >= minimum ? count : null)
}

/** T10: every fraction that a printed percentage could be. */
export const fractions: Attack = ({ target }) => {
  const shares = target.tables.filter(({ type, rule }) => type === 'proportion' && rule !== undefined)
  const bad = shares.flatMap((table) =>
    table.cells.filter(({ value, numerator, denominator }) => {
      if (value === null || denominator === null) return false
      // A rate without its printed numerator would have to be guessed from the percentage: none may be there.
      const possible = guesses(value, denominator, denominator >= 1000 ? 0.1 : 1, 0)
      return numerator === null || numerator < target.minimum || (possible.length > 0 && possible.every((n) => n < target.minimum))
    }),
  )
  const one = guesses(8.1, 37, 0.1, 0)
  return {
    id: 'T10',
    title: 'no percentage gives a small numerator away',
    pass: bad.length === 0,
    mutant_caught: one.length === 1 && (one[0] ?? 99) < target.minimum,
    note: `${shares.length} tables; one decimal at 37 people gives ${one.join()}`,
  }
}

function guesses(percent: number, denominator: number, step: number, reach: number): number[] {
  const found: number[] = []
  for (let d = denominator - reach; d <= denominator + reach; d++)
    for (let n = 0; n <= d; n++) if (Math.abs(Math.round((100 * n) / d / step) * step - percent) < step / 1000) found.push(n)
  return found
}

/** T15: no detail of an area with fewer people than the minimum of the frame. */
export const smallAreas: Attack = ({ target }) => {
  const sizeOf = frame(target)
  const check = (least: number) =>
    target.tables.reduce((sum, table) => {
      const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
      const nodes = table.dimensions[axis]?.nodes ?? []
      if (axis < 0 || nodes.length < 2) return sum
      return (
        sum +
        table.cells.filter((cell) => {
          const area = nodes[cell.nodes[axis] ?? 0]
          const isDetail = cell.nodes.some((node, at) => at !== axis && node !== 0)
          return isDetail && area !== undefined && area.parent !== null && (sizeOf.get(area.code) ?? 0) < least && cell.value !== null
        }).length
      )
    }, 0)
  return {
    id: 'T15',
    title: 'no detail of areas with fewer than 50 people',
    pass: check(50) === 0,
    mutant_caught: check(1_000_000) > 0,
    note: `smallest area ${Math.min(...sizeOf.values())} people`,
  }
}

function frame(target: Target): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const table of target.tables) {
    const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
    if (axis < 0) continue
    table.cells.forEach((cell, at) => {
      const code = table.dimensions[axis]?.nodes[cell.nodes[axis] ?? 0]?.code ?? ''
      if (cell.nodes.every((node, each) => each === axis || node === 0))
        sizes.set(code, Math.max(sizes.get(code) ?? 0, target.truth.get(table.id)?.[at]?.[0] ?? 0))
    })
  }
  return sizes
}

/** T17: symbols, order and file statistics tell nothing that the figures do not tell. */
export const metadata: Attack = async ({ target }) => {
  if (!target.folder)
    return { id: 'T17', title: 'files tell nothing more than figures', pass: false, mutant_caught: false, note: 'no files to look at' }
  const symbols = new Set<string>()
  const problems: string[] = []
  for (const table of target.tables) {
    const path = join(target.folder, 'tables', table.id)
    const lines = readFileSync(`${path}.csv`, 'utf8').trim().split('\n')
    for (const line of lines.filter((each) => /,Q,/.test(each))) symbols.add(line.split(',').slice(-2).join())
    if (lines.length !== table.cells.length + 1) problems.push(`${table.id}: rows are missing`)
    const order = table.cells.map(({ nodes }) => nodes)
    if (order.some((nodes, at) => at > 0 && compare(order[at - 1] ?? [], nodes) >= 0)) problems.push(`${table.id}: order`)
    if (await statisticsLeak(path, table)) problems.push(`${table.id}: statistics of the file`)
  }
  const { protection } = JSON.parse(readFileSync(join(target.folder, 'manifest.json'), 'utf8')) as { protection: unknown }
  if (/primary|secondary|small/i.test(JSON.stringify(protection))) problems.push('manifest')
  return {
    id: 'T17',
    title: 'one symbol, the order of the plan, file statistics of the printed figures only',
    pass: symbols.size <= 1 && problems.length === 0,
    // Two symbols for small and for other withheld figures: a single line gives them away.
    mutant_caught: new Set(['Q,A', 'Q,D', ...symbols]).size > 1,
    note: problems.slice(0, 3).join('; ') || `symbol ${[...symbols].join(' ')}`,
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((node, axis) => node !== b[axis])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

async function statisticsLeak(path: string, table: Published): Promise<boolean> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const found = await connection.runAndReadAll(
    `select stats_min_value::double, stats_max_value::double from parquet_metadata('${path}.parquet') where path_in_schema = 'OBS_VALUE' and stats_min_value is not null`,
  )
  connection.closeSync()
  instance.closeSync()
  const values = table.cells.flatMap(({ value }) => (value === null ? [] : [value]))
  return found.getRows().some(([least, most]) => !values.includes(Number(least)) || !values.includes(Number(most)))
}
