import { mapClasses } from './draw.ts'

export interface MapClass {
  readonly fill: string
  readonly ink: string
  /** Smallest and largest published value in it. */
  readonly from: number
  readonly to: number
}

/** Up to four classes of equal numbers of places (quantiles of the published values); equal values never fall into two classes. */
export function classesOf(values: readonly number[]): readonly MapClass[] {
  const sorted = values.toSorted((a, b) => a - b)
  const distinct = [...new Set(sorted)]
  const count = Math.min(mapClasses.length, distinct.length)
  const classes = new Map<number, number[]>()
  for (const value of distinct) {
    const rank = sorted.indexOf(value)
    const index = distinct.length <= count ? distinct.indexOf(value) : Math.min(count - 1, Math.floor((rank * count) / sorted.length))
    classes.set(index, [...(classes.get(index) ?? []), value])
  }
  const used = [...classes.values()]
  return used.map((members, index) => {
    // The darkest class is always used, so that few classes still stand apart.
    const colour = mapClasses[used.length === 1 ? 2 : Math.round((index * (mapClasses.length - 1)) / (used.length - 1))] ?? mapClasses[0]
    return { ...colour, from: members[0] ?? 0, to: members.at(-1) ?? 0 }
  })
}

export function classOf(classes: readonly MapClass[], value: number): MapClass | undefined {
  return classes.find(({ from, to }) => value >= from && value <= to)
}
