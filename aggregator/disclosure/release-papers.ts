import { codesAt } from './cube.ts'
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical.ts'
import { ProblemError } from '../problem.ts'
import type { ProtectedSystem } from './joint/joint-system.ts'
import type { JointReport } from './joint/protect-jointly.ts'
import { placesOf } from './planned-cells.ts'
import type { DisclosurePolicy } from './policy.ts'
import type { ProtectedTable } from './protected.ts'
import { verifyCertificate } from './tables/verify-certificate.ts'
import { countKey, type VintageMemory } from './vintages/memory.ts'

export interface ReleaseTruth {
  readonly schema: 'truth/1'
  readonly release: string
  readonly minimum: number
  /** Per table, in the order of its cells: true denominator and numerator (null where there is none). */
  readonly tables: readonly { readonly id: string; readonly counts: readonly (readonly [number, number | null])[] }[]
}

export interface ReleaseCertificate {
  readonly schema: 'certificate/1'
  readonly release: string
  readonly systems: readonly SystemCertificate[]
  readonly sha256: string
}

export interface SystemCertificate {
  readonly indicator: string
  readonly hierarchies: readonly { readonly parents: readonly (number | null)[] }[]
  /** Nodes of each cell, one cell after the other. */
  readonly cells: readonly number[]
  readonly published: string
  readonly small: string
  readonly proofs: readonly { readonly prime: number; readonly values: readonly number[] }[]
}

/** What was done, in figures that may be printed: no count of small cells, because one symbol hides which they are. */
export interface ProtectionReport {
  readonly policy: string
  readonly plan: string
  readonly cells: number
  readonly published: number
  readonly withheld: number
  readonly impossible: number
  readonly linearPrograms: number
  /** Over all small cells: every interval holds 0 and reaches at least this. */
  readonly leastUpperBound: number
  readonly greatestLowerBound: number
  /** What the attacker who has all indicators before him found, and what was withheld for it. */
  readonly joint: JointReport
  readonly left: readonly { readonly indicator: string; readonly reason: string }[]
  /** Areas whose figures are those of the release before, because fewer records than the minimum changed. */
  readonly carried: readonly string[]
  readonly kept: readonly string[]
  readonly systems: readonly {
    readonly indicator: string
    readonly cells: number
    readonly rounds: number
    readonly linearPrograms: number
    readonly ms: number
  }[]
}

/** Which planned counts were printed and which withheld, for the next vintage. */
export function shownOf(done: readonly ProtectedSystem[]): NonNullable<VintageMemory['shown']> {
  return Object.fromEntries(
    done.map(({ each, protection }) => {
      const shown = { printed: [] as string[], withheld: [] as string[] }
      for (const place of new Set(each.planned.flatMap((planned) => placesOf(planned, each.cube.strides))))
        for (const part of ['denominator', 'numerator'] as const) {
          const cell = each.cellAt(place, part)
          if (cell === undefined || each.rules.structural[cell]) continue
          shown[protection.published[cell] ? 'printed' : 'withheld'].push(countKey(part, codesAt(each.cube, place)))
        }
      return [each.table.indicator, shown]
    }),
  )
}

export function truthOf(release: string, policy: DisclosurePolicy, done: readonly Pick<ProtectedSystem, 'each'>[]): ReleaseTruth {
  const tables = done.flatMap(({ each }) =>
    each.planned.map((planned) => ({
      id: `${each.table.indicator}.${planned.breakdown.id}`,
      counts: placesOf(planned, each.cube.strides).map((place): readonly [number, number | null] => {
        const numerator = each.cellAt(place, 'numerator')
        return [
          each.system.counts[each.cellAt(place, 'denominator') ?? 0] ?? 0,
          numerator === undefined ? null : (each.system.counts[numerator] ?? 0),
        ]
      }),
    })),
  )
  return { schema: 'truth/1', release, minimum: policy.minimumCount, tables }
}

export function certificateOf(release: string, done: readonly ProtectedSystem[]): ReleaseCertificate {
  const systems = done.map(({ each, protection }) => {
    for (const proof of protection.certificates) {
      const check = verifyCertificate(each.hierarchies, proof.prime, proof.values, each.system.nodes, protection.exact, protection.primary)
      if (!check.isProof)
        throw new ProblemError('release-unsafe', `The certificate of ${each.table.indicator} does not verify; nothing was released.`)
    }
    return {
      indicator: each.table.indicator,
      hierarchies: each.hierarchies,
      cells: Array.from(each.system.nodes),
      published: protection.exact.join(''),
      small: protection.primary.join(''),
      proofs: protection.certificates.map(({ prime, values }) => ({ prime, values: Array.from(values) })),
    }
  })
  const content = { schema: 'certificate/1' as const, release, systems }
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

export function reportOf(
  policy: DisclosurePolicy,
  tables: readonly ProtectedTable[],
  done: readonly (ProtectedSystem & { readonly ms: number })[],
  left: ProtectionReport['left'],
  joint: JointReport,
  { carried, kept }: Pick<ProtectionReport, 'carried' | 'kept'>,
): ProtectionReport {
  const cells = tables.flatMap((table) => table.cells)
  const count = (wanted: (status: string) => boolean) => cells.filter(({ status }) => wanted(status)).length
  const small = done.flatMap(({ protection }) => {
    const found: { lower: number; upper: number }[] = []
    protection.primary.forEach((flag, cell) => {
      if (flag) found.push({ lower: protection.bounds.lower[cell] ?? 0, upper: protection.bounds.upper[cell] ?? 0 })
    })
    return found
  })
  return {
    policy: policy.version,
    plan: policy.plan.id,
    cells: cells.length,
    published: count((status) => status === 'A' || status === 'U'),
    withheld: count((status) => status === 'Q'),
    impossible: count((status) => status === 'M'),
    linearPrograms: done.reduce((sum, { protection }) => sum + protection.linearPrograms, joint.linearPrograms),
    leastUpperBound: small.reduce((least, { upper }) => Math.min(least, upper), Number.POSITIVE_INFINITY),
    greatestLowerBound: small.reduce((most, { lower }) => Math.max(most, lower), 0),
    joint,
    left,
    carried,
    kept,
    systems: done.map(({ each, protection, ms }) => ({
      indicator: each.table.indicator,
      cells: each.system.counts.length,
      rounds: protection.rounds,
      linearPrograms: protection.linearPrograms,
      ms,
    })),
  }
}
