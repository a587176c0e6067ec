import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'

import { canonicalJson } from '../../schemas/canonical.ts'
import type { WorkingTable } from '../indicators/working-table.ts'
import { ProblemError } from '../problem.ts'
import { codesAt, type IndicatorSystem, indicatorSystem, type ProtectedPopulation } from './indicator-system.ts'
import { placesOf } from './planned-cells.ts'
import { breakdownsOf, defaultPolicy, type DisclosurePolicy, type IndicatorRule } from './policy.ts'
import { protectedTables } from './protected-tables.ts'
import type { ProtectedTable } from './protected.ts'
import type { Protection } from './tables/protect-system.ts'
import { createProtectionCrew } from './tables/protection-crew.ts'
import { carryForward } from './vintages/carry-forward.ts'
import { recall, remember, type VintageMemory } from './vintages/memory.ts'
import { verifyCertificate } from './tables/verify-certificate.ts'

export interface ProtectOptions {
  /** Id of the release to be made. */
  readonly release: string
  readonly indicators: ReadonlyMap<string, IndicatorRule>
  readonly policy?: DisclosurePolicy
  /** What the release before was made of: figures of areas where few records changed since then stand as they were. */
  readonly previous?: VintageMemory
  /** Records added, removed or corrected per smallest area since then; estimated from the figures when absent. */
  readonly changed?: ReadonlyMap<string, number>
  /** Threads that work side by side; as many as there are cores, at most four, when absent. 0 works in this thread. */
  readonly threads?: number
  /** Interrupts the work; nothing is returned then. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly indicator: string }) => void
}

export interface ProtectedRelease {
  readonly tables: readonly ProtectedTable[]
  /** Internal: proves the protection, names the small cells, never leaves the office. */
  readonly certificate: ReleaseCertificate
  readonly report: ProtectionReport
  /** Internal: for the next vintage. */
  readonly memory: VintageMemory
  /** Internal: the true counts behind every cell, to score attacks on the release. */
  readonly truth: ReleaseTruth
}

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

/**
 * Protects everything a round publishes according to the plan and makes the tables that may leave the office.
 * Numerator, complement and denominator of an indicator are one system over all areas and breakdowns.
 * An indicator whose small cells stay bounded is left out.
 * @throws ProblemError `release-unsafe` when that is the population, or when a certificate does not verify; nothing is returned then.
 */
export async function protectTables(fresh: readonly WorkingTable[], options: ProtectOptions): Promise<ProtectedRelease> {
  const policy = options.policy ?? defaultPolicy
  const carry = options.previous
    ? carryForward(options.previous.tables.map(recall), fresh, policy.minimumCount, options.changed)
    : { tables: fresh, carried: [], kept: [] }
  const { tables } = carry
  const before = new Map(options.previous?.tables.map((each) => [each.indicator, recall(each)]))
  const frame = frameOf(tables)
  const left: { indicator: string; reason: string }[] = []
  const done: { each: IndicatorSystem; protection: Protection; ms: number }[] = []
  let population: ProtectedPopulation | null = null
  let finished = 0
  const crew = createProtectionCrew(options.threads ?? (tables.length < 8 ? 0 : Math.min(4, availableParallelism())))
  const interrupt = () => void crew.close()
  options.signal?.addEventListener('abort', interrupt)
  const protectOne = async (table: WorkingTable): Promise<void> => {
    options.signal?.throwIfAborted()
    const rule = options.indicators.get(table.indicator)
    const breakdowns = breakdownsOf(table.indicator, rule, policy)
    const each = indicatorSystem({ table, breakdowns, rule, frame, population, previous: before.get(table.indicator), policy })
    if ('left' in each) left.push({ indicator: table.indicator, reason: each.left })
    else {
      const started = performance.now()
      const protection = await crew.protect(each.system, each.rules)
      if (protection.unsafe.length > 0 && table.indicator === policy.population)
        throw new ProblemError(
          'release-unsafe',
          `${protection.unsafe.length} small figures of ${table.indicator} stay bounded; publish fewer breakdowns of it.`,
        )
      if (protection.unsafe.length > 0)
        left.push({ indicator: table.indicator, reason: 'its small figures stay bounded by what is published already' })
      else done.push({ each, protection, ms: Math.round(performance.now() - started) })
      if (table.indicator === policy.population) population = asPopulation(each, protection)
    }
    options.onProgress?.({ done: ++finished, total: tables.length, indicator: table.indicator })
    await new Promise((resolve) => setImmediate(resolve))
  }
  try {
    // Everybody first: what is printed of the population is what every other indicator has to live with.
    for (const table of tables.filter(({ indicator }) => indicator === policy.population)) await protectOne(table)
    const others = tables.filter(({ indicator }) => indicator !== policy.population)
    let next = 0
    const serve = async () => {
      for (let at = next++; at < others.length; at = next++) await protectOne(others[at] as WorkingTable)
    }
    await Promise.all(Array.from({ length: crew.size }, serve))
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
    await crew.close()
  }
  options.signal?.throwIfAborted()
  const place = new Map(tables.map(({ indicator }, at) => [indicator, at]))
  done.sort((a, b) => (place.get(a.each.table.indicator) ?? 0) - (place.get(b.each.table.indicator) ?? 0))
  const made = done.flatMap(({ each, protection }) => [...protectedTables(each, protection, options.release, policy)])
  return {
    tables: made,
    certificate: certificateOf(options.release, done),
    report: reportOf(policy, made, done, left, carry),
    memory: remember(options.release, tables),
    truth: truthOf(options.release, policy, done),
  }
}

function asPopulation(each: IndicatorSystem, protection: Protection): ProtectedPopulation {
  const printed = new Map<string, boolean>()
  for (const planned of each.planned)
    for (const place of placesOf(planned, each.cube.strides)) {
      const cell = each.cellAt(place, 'denominator')
      if (cell !== undefined) printed.set(keyOf(codesAt(each.cube, place)), protection.published[cell] === 1)
    }
  return { rule: each.rule, table: each.table, isPrinted: (codes) => printed.get(keyOf(codes)) }
}

function keyOf(codes: Readonly<Record<string, string>>): string {
  return canonicalJson(codes)
}

/** People in the frame by area: the count of the population, or else the largest group any indicator asked. */
function frameOf(tables: readonly WorkingTable[]): ReadonlyMap<string, number> {
  const frame = new Map<string, number>()
  const persons = tables.filter(({ level }) => level === 'person')
  for (const table of persons) {
    const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
    if (axis < 0) continue
    for (const cell of table.cells) {
      if (cell.nodes.some((node, at) => at !== axis && node !== 0)) continue
      const code = table.dimensions[axis]?.nodes[cell.nodes[axis] ?? 0]?.code ?? ''
      frame.set(code, Math.max(frame.get(code) ?? 0, cell.respondents))
    }
  }
  return frame
}

function truthOf(release: string, policy: DisclosurePolicy, done: readonly { each: IndicatorSystem }[]): ReleaseTruth {
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

function certificateOf(release: string, done: readonly { each: IndicatorSystem; protection: Protection }[]): ReleaseCertificate {
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

function reportOf(
  policy: DisclosurePolicy,
  tables: readonly ProtectedTable[],
  done: readonly { each: IndicatorSystem; protection: Protection; ms: number }[],
  left: ProtectionReport['left'],
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
    linearPrograms: done.reduce((sum, { protection }) => sum + protection.linearPrograms, 0),
    leastUpperBound: small.reduce((least, { upper }) => Math.min(least, upper), Number.POSITIVE_INFINITY),
    greatestLowerBound: small.reduce((most, { lower }) => Math.max(most, lower), 0),
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
