import { codesAt } from './cube.ts'
import { availableParallelism } from 'node:os'

import { canonicalJson } from '../../schemas/canonical.ts'
import type { WorkingTable } from '../indicators/working-table.ts'
import { ProblemError } from '../problem.ts'
import type { ProtectedSystem } from './joint/joint-system.ts'
import { type JointProtection, protectJointly } from './joint/protect-jointly.ts'
import { frameOf } from './frame.ts'
import { type EarlierVintage, type IndicatorSystem, indicatorSystem, type ProtectedPopulation } from './indicator-system.ts'
import { placesOf } from './planned-cells.ts'
import { breakdownsOf, defaultPolicy, type DisclosurePolicy, type IndicatorRule } from './policy.ts'
import { protectedTables } from './protected-tables.ts'
import type { ProtectedTable } from './protected.ts'
import type { Protection } from './tables/protect-system.ts'
import { createProtectionCrew } from './protection-crew.ts'
import { carryForward } from './vintages/carry-forward.ts'
import { recall, remember, type VintageMemory } from './vintages/memory.ts'
import {
  certificateOf,
  type ProtectionReport,
  type ReleaseCertificate,
  type ReleaseTruth,
  reportOf,
  shownOf,
  truthOf,
} from './release-papers.ts'

export interface ProtectOptions {
  /** Id of the release to be made. */
  readonly release: string
  readonly indicators: ReadonlyMap<string, IndicatorRule>
  readonly policy?: DisclosurePolicy
  /**
   * The ledger: what the releases of this round before were made of, the newest first. Figures of areas where few records changed since
   * the newest stand as they were; no figure may differ by a few people only from any of them.
   */
  readonly earlier?: readonly VintageMemory[]
  /** Homes added, removed or corrected per smallest area since then; the people who changed are estimated from the figures besides. */
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

/**
 * Protects everything a round publishes according to the plan and makes the tables that may leave the office.
 * Numerator, complement and denominator of an indicator are one system over all areas and breakdowns.
 * An indicator whose small cells stay bounded is left out.
 * @throws ProblemError `release-unsafe` when that is the population, or when a certificate does not verify; nothing is returned then.
 */
export async function protectTables(fresh: readonly WorkingTable[], options: ProtectOptions): Promise<ProtectedRelease> {
  const policy = options.policy ?? defaultPolicy
  const [newest] = options.earlier ?? []
  const carry = newest
    ? carryForward(newest.tables.map(recall), fresh, policy.minimumCount, options.changed)
    : { tables: fresh, carried: [], kept: [] }
  const { tables } = carry
  const ledger = ledgerOf(options.earlier ?? [])
  const frame = frameOf(tables)
  const left: { indicator: string; reason: string }[] = []
  const alone: (ProtectedSystem & { readonly ms: number })[] = []
  let population: ProtectedPopulation | null = null
  let finished = 0
  let joint: JointProtection
  const place = new Map(tables.map(({ indicator }, at) => [indicator, at]))
  const crew = createProtectionCrew(options.threads ?? (tables.length < 8 ? 0 : Math.min(4, availableParallelism())))
  const interrupt = () => void crew.close()
  options.signal?.addEventListener('abort', interrupt)
  const protectOne = async (table: WorkingTable): Promise<void> => {
    options.signal?.throwIfAborted()
    const rule = options.indicators.get(table.indicator)
    const breakdowns = breakdownsOf(table.indicator, rule, policy)
    const each = indicatorSystem({ table, breakdowns, rule, frame, population, earlier: ledger.get(table.indicator) ?? [], policy })
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
      else alone.push({ each, protection, ms: Math.round(performance.now() - started) })
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
    alone.sort((a, b) => (place.get(a.each.table.indicator) ?? 0) - (place.get(b.each.table.indicator) ?? 0))
    joint = await protectJointly(crew, alone, policy)
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
    await crew.close()
  }
  options.signal?.throwIfAborted()
  for (const indicator of joint.unsafe) left.push({ indicator, reason: 'its small figures stay bounded by those of other indicators' })
  const done = alone.flatMap((each, at) => (joint.unsafe.includes(each.each.table.indicator) ? [] : [{ ...each, ...joint.systems[at] }]))
  const made = done.flatMap(({ each, protection }) => [...protectedTables(each, protection, options.release, policy)])
  return {
    tables: made,
    certificate: certificateOf(options.release, done),
    report: reportOf(policy, made, done, left, joint.report, carry),
    memory: remember(options.release, tables, shownOf(done)),
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

function ledgerOf(memories: readonly VintageMemory[]): ReadonlyMap<string, readonly EarlierVintage[]> {
  const ledger = new Map<string, EarlierVintage[]>()
  for (const memory of memories)
    for (const table of memory.tables) {
      const vintages = ledger.get(table.indicator) ?? []
      ledger.set(table.indicator, vintages)
      vintages.push({ table: recall(table), shown: memory.shown?.[table.indicator] })
    }
  return ledger
}
