import { codesAt } from '../cube.ts'
import { canonicalJson } from '../../../schemas/canonical.ts'
import { conditionsOf } from '../impossible.ts'
import type { IndicatorSystem } from '../indicator-system.ts'
import type { Part } from '../parts.ts'
import { placesOf } from '../planned-cells.ts'
import type { DisclosurePolicy } from '../policy.ts'
import { relationsOf } from '../tables/propagate.ts'
import { usefulnessOfSet } from '../usefulness.ts'
import type { Protection } from '../tables/protect-system.ts'
import { needsOf, publishedRows } from '../tables/protection-rules.ts'

/** An indicator with what its own protection decided. */
export interface ProtectedSystem {
  readonly each: IndicatorSystem
  readonly protection: Protection
}

/** A count of the release, whichever indicators show it: people of one set at one combination of codes. */
export interface JointCount {
  readonly count: number
  /** What its most useful owner gives for it: the least useful one is withheld first. */
  usefulness: number
  /** What the printed figures say of it; from nothing to no end when none prints it. */
  lower: number
  upper: number
  /** Printed by an earlier release or known by definition: it cannot be withdrawn. */
  isForced: boolean
  readonly owners: { readonly system: number; readonly cell: number }[]
}

/** 0 = sum of `plus` less sum of `minus`; `isInclusion`: not less than 0. */
export interface JointRelation {
  readonly plus: readonly number[]
  readonly minus: readonly number[]
  readonly isInclusion: boolean
}

/** A small count, or a small difference of a set and one inside it, that must not be bounded. */
export interface JointTarget {
  readonly plus: number
  readonly minus: number | null
  readonly owner: { readonly system: number; readonly cell: number }
  readonly lower: number
  readonly upper: number
}

/** All counts of a release as one system: what one indicator prints says something about every other one. */
export interface JointSystem {
  readonly counts: readonly JointCount[]
  readonly relations: readonly JointRelation[]
  readonly targets: readonly JointTarget[]
}

/** People or homes who meet all these conditions; counts of the same set are the same count in every indicator. */
interface CountedSet {
  readonly level: string
  /** Null for what is not a set of respondents (events of a ratio, an indicator without a stated universe). */
  readonly conditions: ReadonlySet<string> | null
  readonly byCodes: Map<string, number>
}

const shown = ['denominator', 'numerator'] as const satisfies readonly Part[]

export function jointSystem(systems: readonly ProtectedSystem[], policy: DisclosurePolicy): JointSystem {
  const counts: JointCount[] = []
  const relations: JointRelation[] = []
  const targets: JointTarget[] = []
  const sets = new Map<string, CountedSet>()
  systems.forEach(({ each, protection }, system) => {
    const countOf = new Map<number, number>()
    for (const part of shown) {
      const set = setOf(sets, each, part, policy)
      for (const place of plannedPlaces(each)) {
        const cell = each.cellAt(place, part)
        if (cell === undefined || countOf.has(cell)) continue
        countOf.set(cell, sharedCount(counts, set, canonicalJson(codesAt(each.cube, place)), each, { system, cell }))
      }
    }
    const printed = Int32Array.from(countOf.keys()).filter((cell) => protection.published[cell] || each.rules.structural[cell])
    for (const { cell, lower, upper } of publishedRows(each.system, printed, each.rules))
      narrow(counts[countOf.get(cell) ?? -1], lower, upper)
    for (const cell of [...printed.filter((one) => each.rules.structural[one]), ...(each.rules.released ?? [])])
      force(counts[countOf.get(cell) ?? -1])
    relations.push(...sumsOf(each, countOf), ...subsetsOf(each, countOf))
    targets.push(...targetsOf({ each, protection }, system, countOf))
  })
  relations.push(...inclusions([...sets.values()], counts))
  return { counts, relations: distinct(relations), targets }
}

function plannedPlaces(each: IndicatorSystem): readonly number[] {
  return [...new Set(each.planned.flatMap((planned) => [...placesOf(planned, each.cube.strides)]))]
}

function setOf(
  sets: Map<string, CountedSet>,
  { table, rule }: IndicatorSystem,
  part: 'denominator' | 'numerator',
  policy: DisclosurePolicy,
): CountedSet {
  const isSet = table.type !== 'ratio' && rule?.universe !== undefined && (part === 'denominator' || rule.numerator !== undefined)
  const expression = part === 'numerator' ? `${rule?.universe ?? ''} and ${rule?.numerator ?? ''}` : (rule?.universe ?? '')
  const conditions = isSet ? conditionsOf(expression, policy) : null
  const key = `${table.level} ${conditions ? [...conditions].toSorted().join(' and ') : `${table.indicator} ${part}`}`
  const set = sets.get(key) ?? { level: table.level, conditions, byCodes: new Map() }
  sets.set(key, set)
  return set
}

/** What is no set of respondents is nobody's whole. */
const unknownConditions = 9

function sharedCount(
  counts: JointCount[],
  set: CountedSet,
  codes: string,
  { system, rules }: IndicatorSystem,
  owner: JointCount['owners'][number],
): number {
  const count = system.counts[owner.cell] ?? 0
  const usefulness = usefulnessOfSet(rules.usefulness?.[owner.cell] ?? count, set.conditions?.size ?? unknownConditions)
  const known = set.byCodes.get(codes)
  const shared = counts[known ?? -1]
  // The same words with another count would be two things after all; then each stays by itself.
  if (known !== undefined && shared?.count === count) {
    shared.owners.push(owner)
    shared.usefulness = Math.max(shared.usefulness, usefulness)
    return known
  }
  counts.push({ count, usefulness, lower: 0, upper: Number.POSITIVE_INFINITY, isForced: false, owners: [owner] })
  if (known === undefined) set.byCodes.set(codes, counts.length - 1)
  return counts.length - 1
}

function narrow(count: JointCount | undefined, lower: number, upper: number): void {
  if (!count) return
  count.lower = Math.max(count.lower, lower)
  count.upper = Math.min(count.upper, upper)
}

function force(count: JointCount | undefined): void {
  if (count) count.isForced = true
}

/** Parents and children along the dimensions; numerator and complement are no sum here, because complements have no count of their own. */
function sumsOf(each: IndicatorSystem, countOf: ReadonlyMap<number, number>): readonly JointRelation[] {
  const { starts, members } = relationsOf(each.system)
  const found: JointRelation[] = []
  for (let at = 0; at + 1 < starts.length; at++) {
    const numbers = Array.from(members.subarray(starts[at], starts[at + 1]), (cell) => countOf.get(cell) ?? -1)
    const [parent = -1, ...children] = numbers
    if (parent >= 0 && children.every((child) => child >= 0 && child !== parent))
      found.push({ plus: [parent], minus: children, isInclusion: false })
  }
  return found
}

/** With the condition is not more than all. */
function subsetsOf(each: IndicatorSystem, countOf: ReadonlyMap<number, number>): readonly JointRelation[] {
  if (!each.parts.includes('complement')) return []
  return plannedPlaces(each).flatMap((place): readonly JointRelation[] => {
    const [all, part] = shown.map((name) => countOf.get(each.cellAt(place, name) ?? -1))
    return all === undefined || part === undefined || all === part ? [] : [{ plus: [all], minus: [part], isInclusion: true }]
  })
}

/** A set whose conditions hold all those of another lies inside it; only the nearest ones are written down. */
function inclusions(sets: readonly CountedSet[], counts: readonly JointCount[]): readonly JointRelation[] {
  const isInside = (inner: CountedSet, outer: CountedSet) =>
    inner !== outer &&
    inner.level === outer.level &&
    inner.conditions !== null &&
    outer.conditions !== null &&
    outer.conditions.size < inner.conditions.size &&
    [...outer.conditions].every((each) => inner.conditions?.has(each))
  return sets.flatMap((inner) => {
    const around = sets.filter((outer) => isInside(inner, outer))
    const nearest = around.filter((outer) => !around.some((between) => isInside(between, outer)))
    return nearest.flatMap((outer) =>
      [...inner.byCodes].flatMap(([codes, part]): readonly JointRelation[] => {
        const all = outer.byCodes.get(codes)
        const isTrue = all !== undefined && (counts[all]?.count ?? 0) >= (counts[part]?.count ?? 0)
        return isTrue && all !== part ? [{ plus: [all], minus: [part], isInclusion: true }] : []
      }),
    )
  })
}

function targetsOf({ each, protection }: ProtectedSystem, system: number, countOf: ReadonlyMap<number, number>): readonly JointTarget[] {
  const needs = needsOf(each.system, each.rules)
  return plannedPlaces(each).flatMap((place) =>
    (['denominator', 'numerator', 'complement'] as const).flatMap((part): readonly JointTarget[] => {
      const cell = each.cellAt(place, part)
      if (cell === undefined || !protection.primary[cell]) return []
      const plus = countOf.get(each.cellAt(place, part === 'numerator' ? 'numerator' : 'denominator') ?? -1)
      const minus = part === 'complement' ? (countOf.get(each.cellAt(place, 'numerator') ?? -1) ?? null) : null
      if (plus === undefined || (part === 'complement' && minus === null)) return []
      return [{ plus, minus, owner: { system, cell }, lower: needs.lower[cell] ?? 0, upper: needs.upper[cell] ?? 0 }]
    }),
  )
}

function distinct(relations: readonly JointRelation[]): readonly JointRelation[] {
  return [
    ...new Map(
      relations.map((each) => [`${each.plus.join()} ${each.minus.toSorted((a, b) => a - b).join()} ${each.isInclusion}`, each]),
    ).values(),
  ]
}
