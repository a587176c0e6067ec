import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Interval, intervals, type Solver } from '../attackers.ts'
import { classes, type Draft, type Drafts, draftsOf, type Fact } from '../knowledge.ts'
import { type Published, readTarget, type Target } from '../published.ts'

/** Two releases side by side, with what lay behind them for the score. */
export interface Pair {
  readonly first: Target
  readonly second: Target
  readonly changes: Changes
}

/** Net change of each finest cell of an indicator, by its codes: people (or homes) and those with the property. */
type Changes = ReadonlyMap<
  string,
  readonly { readonly codes: Readonly<Record<string, string>>; readonly all: number; readonly part: number }[]
>

export interface Place {
  /** Data folder of the office. */
  readonly folder: string
  readonly id: string
}

export function readPair(first: Place, second: Place): Pair {
  const target = ({ folder, id }: Place) => readTarget(join(folder, 'releases', id), join(folder, 'disclosure', id, 'truth.json'))
  return { first: target(first), second: target(second), changes: changesBetween(first, second) }
}

/** Printed figures of the second release that are not those of the first, and figures that are in one of them only. */
export function differing({ first, second }: Pick<Pair, 'first' | 'second'>): number {
  const before = figures(first)
  const after = figures(second)
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).length
}

function figures({ tables }: Target): ReadonlyMap<string, string> {
  return new Map(
    tables.flatMap(({ id, dimensions, cells }) =>
      cells.map(({ nodes, value, numerator, denominator, status }) => [
        `${id} ${nodes.map((node, axis) => dimensions[axis]?.nodes[node]?.code).join()}`,
        JSON.stringify([value, numerator, denominator, status]),
      ]),
    ),
  )
}

interface Vintage {
  readonly tables: readonly {
    readonly indicator: string
    readonly dimensions: Published['dimensions']
    readonly cells: readonly (readonly (number | null)[])[]
  }[]
}

function changesBetween(first: Place, second: Place): Changes {
  const read = ({ folder, id }: Place) => JSON.parse(readFileSync(join(folder, 'disclosure', id, 'vintage.json'), 'utf8')) as Vintage
  const found = new Map<string, Map<string, { codes: Record<string, string>; all: number; part: number }>>()
  for (const [sign, { tables }] of [
    [-1, read(first)],
    [1, read(second)],
  ] as const)
    for (const { indicator, dimensions, cells } of tables) {
      const own = found.get(indicator) ?? new Map<string, { codes: Record<string, string>; all: number; part: number }>()
      found.set(indicator, own)
      for (const cell of cells) {
        const isFinest = dimensions.every(({ nodes }, axis) => !nodes.some(({ parent }) => parent === cell[axis]))
        if (!isFinest) continue
        const codes = Object.fromEntries(dimensions.map(({ id, nodes }, axis) => [id, nodes[cell[axis] ?? 0]?.code ?? '']))
        const key = JSON.stringify(codes)
        const sum = own.get(key) ?? { codes, all: 0, part: 0 }
        own.set(key, sum)
        sum.all += sign * (cell[dimensions.length] ?? 0)
        sum.part += sign * (cell[dimensions.length + 1] ?? 0)
      }
    }
  return new Map([...found].map(([indicator, cells]) => [indicator, [...cells.values()]]))
}

export interface Pinned {
  /** Changes of 1 to 9 people, joiners and leavers added, that were looked at. */
  readonly asked: number
  /** Those that are certain to have happened, or known to less than the minimum. */
  readonly pinned: readonly string[]
}

/** For every count behind which a few people changed: what is certain of the difference of the two releases, everything printed being put together. */
export function pinnedChanges(solver: Solver, { first, second, changes }: Pair): Pinned {
  const indicators = [...new Set(first.tables.map(({ indicator }) => indicator))].filter((indicator) =>
    second.tables.some((table) => table.indicator === indicator),
  )
  const each = indicators.map((indicator) => aboutOne(solver, { first, second, changes }, indicator))
  return { asked: each.reduce((sum, { asked }) => sum + asked, 0), pinned: each.flatMap(({ pinned }) => pinned) }
}

function aboutOne(solver: Solver, { first, second, changes }: Pair, indicator: string): Pinned {
  const [before, after] = [draftsOf(first, indicator), draftsOf(second, indicator)]
  const gross = grossOf(after, changes.get(indicator) ?? [])
  const both = [...after.drafts.values()].flatMap((now): readonly { readonly now: Draft; readonly old: Draft }[] => {
    const old = before.drafts.get(now.key)
    const people = gross(now)
    return old && people > 0 && people < first.minimum ? [{ now, old }] : []
  })
  if (both.length === 0) return { asked: 0, pinned: [] }
  const [olds, nows] = [[...before.drafts.values()], [...after.drafts.values()]]
  const impossible = new Set([...before.impossible].filter((each) => after.impossible.has(each)))
  const { unknowns, members } = classes([...olds, ...nows], 2 * after.size, impossible)
  const factOf = (draft: Draft, at: number, shift: number): Fact => ({
    ...draft,
    members: (members[at] ?? []).map((member) => member + shift),
  })
  const facts = [...olds.map((draft, at) => factOf(draft, at, 0)), ...nows.map((draft, at) => factOf(draft, olds.length + at, unknowns))]
  const printed = [...olds, ...nows].flatMap(({ kind }, at) => (kind === 'printed' && facts[at] ? [facts[at]] : []))
  const wanted = both.map(({ now, old }): Fact => {
    const [b, a] = [facts[olds.indexOf(old)], facts[olds.length + nows.indexOf(now)]]
    const net = now.truth - old.truth
    return { key: now.key, members: a?.members ?? [], less: b?.members ?? [], lower: net, upper: net, exact: false }
  })
  const knowledge = { indicator, unknowns: 2 * unknowns, printed, wanted, others: [] }
  const isNarrow = ({ lower, upper }: Interval) => lower > 1e-5 || upper < -1e-5 || upper - lower < first.minimum - 1e-5
  const found = intervals(solver, knowledge, { minimum: first.minimum, isNarrow })
  return {
    asked: wanted.length,
    pinned: found.filter(isNarrow).map(({ key, lower, upper }) => `${indicator} ${key.slice(-1)} ${lower.toFixed(1)}..${upper.toFixed(1)}`),
  }
}

/** Joiners and leavers behind a count: the net changes of the inner counts it is made of, added. */
function grossOf({ axes, below, leaves, size }: Drafts, changes: NonNullable<ReturnType<Changes['get']>>): (draft: Draft) => number {
  const without = new Float64Array(size)
  const within = new Float64Array(size)
  for (const { codes, all, part } of changes) {
    const place = axes.reduce((sum, { id }, axis) => sum * (leaves[axis] ?? 1) + (below[axis]?.get(codes[id] ?? '')?.[0] ?? 0), 0)
    without[place] = (without[place] ?? 0) + all - part
    within[place] = (within[place] ?? 0) + part
  }
  return ({ inner, key }) => {
    const places = new Set(inner.map((each) => each % size))
    const part = key.slice(-1)
    return [...places].reduce((sum, place) => {
      const [plus = 0, rest = 0] = [within[place], without[place]]
      return sum + Math.abs(part === 'd' ? plus + rest : part === 'n' ? plus : rest)
    }, 0)
  }
}
