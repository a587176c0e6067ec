import { printedCounts, type Published, roundingOf, type Target } from './published.ts'

/** Everything an attacker can write down about one indicator: sums of unknown inner counts, and what was printed about them. */
export interface Knowledge {
  readonly indicator: string
  /** Unknowns: groups of people nobody can tell apart in the tables. */
  readonly unknowns: number
  readonly printed: readonly Fact[]
  /** Withheld figures that are small in truth: what he is after. */
  readonly wanted: readonly Fact[]
  /** Withheld figures that are not small: published by a mutant. */
  readonly others: readonly Fact[]
}

export interface Fact {
  readonly key: string
  readonly members: readonly number[]
  /** Unknowns that are taken off: the fact is about a difference. */
  readonly less?: readonly number[]
  readonly lower: number
  readonly upper: number
  /** Is the printed figure the count itself? */
  readonly exact: boolean
}

export interface Draft extends Omit<Fact, 'members'> {
  readonly inner: readonly number[]
  /** For the score. */
  readonly truth: number
  readonly kind: 'printed' | 'wanted' | 'other'
}

/** All counts that the tables of an indicator are about, over its inner counts. */
export interface Drafts {
  readonly axes: readonly Published['dimensions'][number][]
  /** Leaves below each code of an axis, numbered in the order of the axis. */
  readonly below: readonly ReadonlyMap<string, readonly number[]>[]
  readonly leaves: readonly number[]
  /** Inner counts of people without the property; as many with it follow. */
  readonly size: number
  readonly drafts: ReadonlyMap<string, Draft>
  readonly impossible: ReadonlySet<number>
}

export function knowledgeOf(target: Target): readonly Knowledge[] {
  return [...new Set(target.tables.map(({ indicator }) => indicator))].map((indicator) => aboutOne(target, indicator))
}

function aboutOne(target: Target, indicator: string): Knowledge {
  const { drafts, size, impossible } = draftsOf(target, indicator)
  return merged(indicator, [...drafts.values()], size * 2, impossible)
}

export function draftsOf(target: Target, indicator: string): Drafts {
  const tables = target.tables.filter((table) => table.indicator === indicator)
  const axes = [...new Set(tables.flatMap(({ dimensions }) => dimensions.map(({ id }) => id)))].map((id) =>
    tables
      .flatMap(({ dimensions }) => dimensions.filter((each) => each.id === id))
      .reduce((most, each) => (each.nodes.length > most.nodes.length ? each : most)),
  )
  const leavesBelow = axes.map(({ nodes }) => {
    const isParent = new Set(nodes.map(({ parent }) => parent))
    const leaves = nodes.map((_, node) => node).filter((node) => !isParent.has(node))
    const below = new Map<string, number[]>(nodes.map(({ code }) => [code, []]))
    leaves.forEach((leaf, at) => {
      for (let node: number | null = leaf; node !== null; node = nodes[node]?.parent ?? null) below.get(nodes[node]?.code ?? '')?.push(at)
    })
    return { count: leaves.length, below }
  })
  const size = leavesBelow.reduce((product, { count }) => product * count, 1)
  const drafts = new Map<string, Draft>()
  const impossible = new Set<number>()
  for (const table of tables)
    table.cells.forEach((cell, at) => {
      const codes = axes.map(({ id }) => {
        const axis = table.dimensions.findIndex((each) => each.id === id)
        return axis < 0 ? null : (table.dimensions[axis]?.nodes[cell.nodes[axis] ?? 0]?.code ?? null)
      })
      const inner = leavesBelow.reduce<number[]>(
        (places, { count, below }, axis) => {
          const code = codes[axis] ?? null
          const here = code === null ? Array.from({ length: count }, (_, each) => each) : (below.get(code) ?? [])
          return places.flatMap((place) => here.map((each) => place * count + each))
        },
        [0],
      )
      if (cell.status === 'M') for (const each of inner) impossible.add(each)
      else addFacts(drafts, table, cell, target, at, inner, size)
    })
  return {
    axes,
    below: leavesBelow.map(({ below }) => below),
    leaves: leavesBelow.map(({ count }) => count),
    size,
    drafts,
    impossible,
  }
}

/** Unknown `place` is people without the property there, `place + size` people with it; a ratio counts two different things. */
function addFacts(
  drafts: Map<string, Draft>,
  table: Published,
  cell: Published['cells'][number],
  target: Target,
  at: number,
  inner: readonly number[],
  size: number,
): void {
  const { denominator, numerator } = printedCounts(table, cell)
  const [trueDenominator = 0, trueNumerator = null] = target.truth.get(table.id)?.[at] ?? []
  const base = roundingOf(table, cell)
  const isPair = trueNumerator !== null
  const isRatio = table.type === 'ratio'
  const plus = inner.map((place) => place + size)
  const everybody = isPair && !isRatio ? [...inner, ...plus] : inner
  const key =
    inner.length < 40
      ? inner.join()
      : `${inner.length}:${inner.slice(0, 20).join()}:${inner.at(-1)}:${inner.reduce((sum, each) => (sum * 31 + each) % 1e9, 7)}`
  const add = (part: string, members: readonly number[], printed: number | null, truth: number) => {
    const known = drafts.get(key + part)
    if (known?.kind === 'printed') return
    if (printed !== null) {
      const reach = base === 0 ? 0 : Math.floor((base - 1) / 2)
      drafts.set(key + part, {
        key: key + part,
        inner: members,
        truth,
        lower: Math.max(printed - reach, base === 0 ? 0 : target.minimum),
        upper: printed + reach,
        exact: base === 0,
        kind: 'printed',
      })
    } else if (part !== 'c' || denominator === null || numerator === null)
      drafts.set(key + part, {
        key: key + part,
        inner: members,
        truth,
        lower: truth,
        upper: truth,
        exact: true,
        kind: truth < target.minimum ? 'wanted' : 'other',
      })
  }
  add('d', everybody, denominator, trueDenominator)
  if (!isPair) return
  add('n', plus, numerator, trueNumerator)
  if (!isRatio) add('c', inner, null, trueDenominator - trueNumerator)
}

/** Inner counts that occur in the same facts are one unknown; impossible ones are none. */
function merged(indicator: string, drafts: readonly Draft[], size: number, impossible: ReadonlySet<number>): Knowledge {
  const { unknowns, members } = classes(drafts, size, impossible)
  const facts = drafts
    .map(({ key, lower, upper, exact, kind }, at) => ({ key, lower, upper, exact, kind, members: members[at] ?? [] }))
    .filter(({ members: each }) => each.length > 0)
  const ofKind = (kind: string) => facts.filter((each) => each.kind === kind)
  return { indicator, unknowns, printed: ofKind('printed'), wanted: ofKind('wanted'), others: ofKind('other') }
}

/** Which unknowns each count is the sum of, when inner counts that nothing tells apart are one unknown. */
export function classes(
  drafts: readonly Pick<Draft, 'inner'>[],
  size: number,
  impossible: ReadonlySet<number>,
): { readonly unknowns: number; readonly members: readonly (readonly number[])[] } {
  const marks: number[][] = Array.from({ length: size }, () => [])
  drafts.forEach(({ inner }, at) => {
    for (const place of inner) if (!impossible.has(place % (size / 2))) marks[place]?.push(at)
  })
  const unknownOf = new Map<string, number>()
  const members: number[][] = drafts.map(() => [])
  for (const mark of marks) {
    if (mark.length === 0) continue
    const key = mark.join()
    if (unknownOf.has(key)) continue
    unknownOf.set(key, unknownOf.size)
    for (const at of mark) members[at]?.push(unknownOf.size - 1)
  }
  return { unknowns: unknownOf.size, members }
}

/** The mutant that every attack on tables must catch: only the small figures are withheld. */
export function withoutComplements(knowledge: Knowledge): Knowledge {
  return { ...knowledge, printed: [...knowledge.printed, ...knowledge.others], others: [] }
}
