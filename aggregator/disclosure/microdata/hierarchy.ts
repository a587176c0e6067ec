/** A quasi-identifier and its ever coarser groupings. */
export interface QuasiIdentifier {
  readonly column: string
  /** Words for each code at each level: `labels[level][code]`. Level 0 is as collected. */
  readonly labels: readonly (readonly string[])[]
  /** `levels[level][code at level 0]` = code at that level; level 0 is the identity, the last may be one group of everybody. */
  readonly levels: readonly (readonly number[])[]
  /** The larger, the longer its detail is kept. */
  readonly importance: number
  /** What each level loses, never less than the one below; even steps from 0 to 1 when absent. */
  readonly losses?: readonly number[]
}

/**
 * Steps from any level to any higher one.
 * @throws RangeError when groups of one level are torn apart by a higher one: then coarser would not be safer, and the search would lie.
 */
export function stepBetween({ column, levels }: QuasiIdentifier, from: number, to: number): readonly number[] {
  const low = levels[from] ?? []
  const high = levels[to] ?? []
  const step: number[] = []
  low.forEach((group, code) => {
    const target = high[code] ?? 0
    if (step[group] !== undefined && step[group] !== target)
      throw new RangeError(`The groups of ${column} at level ${from} are not nested in level ${to}; align their boundaries.`)
    step[group] = target
  })
  return Array.from(step, (target) => target ?? 0)
}

/** @throws RangeError unless every level is nested in the next. */
export function checkHierarchy(identifier: QuasiIdentifier): void {
  for (let level = 1; level < identifier.levels.length; level++) stepBetween(identifier, level - 1, level)
}

/** Age in completed years, with the cut between children and adults kept at every level, so that the bands nest. */
export function ageHierarchy(column: string, oldest = 110): QuasiIdentifier {
  const cuts = [
    Array.from({ length: oldest + 1 }, (_, year) => year),
    [0, 5, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75],
    [0, 10, 18, 25, 35, 45, 55, 65, 75],
    [0, 18, 25, 45, 65],
    [0, 18],
    [0],
  ]
  const levels = cuts.map((starts) => Array.from({ length: oldest + 1 }, (_, year) => starts.findLastIndex((start) => start <= year)))
  const labels = cuts.map((starts, level) =>
    starts.map((start, at) => {
      const next = starts[at + 1]
      if (level === 0) return String(start)
      return next === undefined ? (start === 0 ? 'any' : `${start}+`) : `${start}-${next - 1}`
    }),
  )
  return { column, labels, levels, importance: 1 }
}

/** Codes as they are, then groups as listed, then everybody alike. */
export function codeHierarchy(
  column: string,
  codes: readonly string[],
  groups: readonly (readonly [string, readonly string[]])[] = [],
  importance = 1,
): QuasiIdentifier {
  const identity = codes.map((_, at) => at)
  const grouped = codes.map((code) => groups.findIndex(([, members]) => members.includes(code)))
  const top = codes.map(() => 0)
  return groups.length > 0
    ? { column, labels: [codes, groups.map(([label]) => label), ['any']], levels: [identity, grouped, top], importance }
    : { column, labels: [codes, ['any']], levels: [identity, top], importance }
}
