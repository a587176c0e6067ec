import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf } from './dimensions.ts'
import { createGather } from './gather.ts'
import { layOut } from './lattice-layout.ts'
import { inSlices, layersOf, layOver, replaceAreas } from './layers.ts'
import { planScans } from './plan-scans.ts'
import { planScan, universeIsAmongAsked } from './scan-plan.ts'
import { createScan, firstDay, type FirstRows, type ScanWatch } from './scan-records.ts'
import { type LatticeSnapshot, snapshotOf } from './snapshot.ts'
import { createShapes } from './table-shape.ts'

export interface LatticeOptions {
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
  /** Dimensions besides the areas, in the order of tables. */
  readonly by: readonly string[]
  readonly onProgress?: (rows: number) => void
  readonly signal?: AbortSignal
}

/** What changed in the records that count. */
export interface LatticeChange {
  /** Records that began to count, with the area they lie in. */
  readonly added: readonly { readonly id: string; readonly area: string }[]
  /** Rows before these hold none of them; without it all are looked through. */
  readonly from?: FirstRows
  /** Areas of records that were corrected, withdrawn or decided on: they are summed again. */
  readonly areas: readonly string[]
}

/** Every total of every additive indicator of one level, kept up to date: any table of them costs microseconds. */
export interface Lattice {
  /** What holds now. It does not change any more; a later change makes another snapshot. */
  snapshot(): LatticeSnapshot
  /** Follows a change, in slices, so that readers never wait. Changes run one after the other. */
  change(connection: DuckDBConnection, change: LatticeChange): Promise<void>
}

const additive: readonly string[] = ['proportion', 'mean', 'ratio', 'rate', 'count']

/** Whether the figures of an indicator are made of sums; the others are tabulated from the records. */
export const isAdditive = (indicator: Indicator): boolean => additive.includes(indicator.definition.type) && universeIsAmongAsked(indicator)

/** Fills a lattice from the records of a round that count, in one scan. All indicators must be of one level. */
export async function openLattice(connection: DuckDBConnection, options: LatticeOptions): Promise<Lattice> {
  const { questionnaire, round, onProgress, signal } = options
  const indicators = options.indicators.filter(isAdditive)
  const level = indicators[0]?.definition.level ?? 'person'
  if (indicators.some(({ definition }) => definition.level !== level)) throw new RangeError('A lattice holds indicators of one level.')
  const placed = ['REF_AREA', ...options.by].map((id) => dimensionOf(id, questionnaire, round.areas))
  const plans = await planScans(connection, { level, indicators, dimensions: placed, questionnaire, round: round.id })
  const layout = layOut(plans, round.id)
  // Few records are read at once: planning several statements would cost more than they do.
  const inOne = planScan(
    level,
    plans.flatMap((plan) => plan.indicators),
    placed,
    questionnaire,
  )
  const [scan, scanSome] = [createScan(plans, layout), createScan([inOne], layout)]
  const scanAll = async (read: DuckDBConnection, watch: ScanWatch) => layersOf(layout, await scan(read, { kind: 'round' }, watch))
  let layers = await scanAll(connection, { onProgress, signal })
  const reader = { layout, shapeOf: createShapes(layout), gather: createGather(layout) }
  let version = 0
  let turn: Promise<void> = Promise.resolve()
  const change = async (
    read: DuckDBConnection,
    { added, areas, from = { homes: 0, people: 0, day: firstDay } }: LatticeChange,
  ): Promise<void> => {
    const unknown = areas.some((code) => !layout.areas.nodeOf.has(code))
    if (unknown) {
      // Records of areas that are not in the register share a page; which of them left it cannot be told.
      layers = await scanAll(read, {})
    } else {
      const next = [...layers]
      if (areas.length > 0) {
        const listed = new Set(areas)
        const fresh = await scanSome(read, { kind: 'areas', areas: [...listed] })
        await replaceAreas(layout, next, fresh, areas, inSlices())
      }
      if (added.length > 0) {
        const extra = await scanSome(read, { kind: 'records', records: added.map(({ id }) => id), from })
        // Areas that were summed again hold them already.
        for (const code of areas) extra[layout.areas.nodeOf.get(code) ?? 0] = undefined
        await layOver(layout, next, extra, inSlices())
      }
      layers = next
    }
    version++
  }
  return {
    snapshot: () => snapshotOf(reader, layers, version),
    change(read, each) {
      const run = turn.then(() => change(read, each))
      turn = run.catch(() => undefined)
      return run
    },
  }
}
