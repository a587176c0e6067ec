import type { DuckDBConnection } from '@duckdb/node-api'
import type { Expression } from '../../schemas/language/expression.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { conjuncts, type Gate, planScan, type ScanPlan, scanCondition } from './scan-plan.ts'

export interface ScansOptions {
  readonly level: 'person' | 'household'
  readonly indicators: readonly Indicator[]
  readonly dimensions: readonly PlacedDimension[]
  readonly questionnaire: Questionnaire
  readonly round: string
}

/** Fewer indicators are not worth a scan of their own. */
const fewestBehindGate = 4
/** A condition that more than this share meets shuts nobody out. */
const widestGate = 0.3

interface MeasuredGate extends Gate {
  readonly key: string
}

/**
 * Splits the indicators of a level into scans. Most questions are asked of few people: what only adults who answer for themselves, or workers
 * abroad, are asked is read for them alone. Which conditions shut many out is measured in the round.
 */
export async function planScans(connection: DuckDBConnection, options: ScansOptions): Promise<readonly ScanPlan[]> {
  const { level, indicators, dimensions, questionnaire } = options
  const gates = (await measuredGates(connection, options)).filter(({ share }) => share <= widestGate).sort((a, b) => a.share - b.share)
  const groups = new Map<Gate | null, Indicator[]>()
  for (const indicator of indicators) {
    const own = new Set(gateConditions(indicator).map((each) => JSON.stringify(each)))
    const gate = gates.find(({ key }) => own.has(key)) ?? null
    groups.set(gate, [...(groups.get(gate) ?? []), indicator])
  }
  const plans: ScanPlan[] = []
  for (const [gate, own] of groups) {
    const before = plans.at(-1)
    plans.push(
      planScan(level, own, dimensions, questionnaire, {
        first: before ? before.first + before.indicators.length : 0,
        firstNumber: before ? before.firstNumber + before.numbers.length : 0,
        gate,
      }),
    )
  }
  return plans
}

const gateConditions = ({ asked, universe }: Indicator): readonly Expression[] => {
  const condition = asked ?? universe
  return condition === undefined ? [] : conjuncts(condition)
}

/** Conditions that several indicators begin with, and the share of people or homes that meet them. */
async function measuredGates(
  connection: DuckDBConnection,
  { level, indicators, questionnaire, round }: ScansOptions,
): Promise<readonly MeasuredGate[]> {
  const times = new Map<string, { readonly condition: Expression; count: number }>()
  for (const condition of indicators.flatMap(gateConditions)) {
    const key = JSON.stringify(condition)
    const seen = times.get(key) ?? { condition, count: 0 }
    seen.count++
    times.set(key, seen)
  }
  const candidates = [...times]
    .filter(([, { count }]) => count >= fewestBehindGate)
    .map(([key, { condition }]) => ({ key, sql: scanCondition(level, condition, questionnaire) }))
    .filter(({ sql }) => level === 'household' || !/\bh\./.test(sql))
  if (candidates.length === 0) return []
  const { table, alias } = planScan(level, [], [], questionnaire)
  const counted = candidates.map(({ sql }) => `count_if(${sql})::double`)
  const result = await connection.runAndReadAll(
    `SELECT count(*)::double, ${counted.join(', ')} FROM "current_${table}" ${alias} WHERE ${alias}.round = $round`,
    { round },
  )
  const [all = 0, ...met] = (result.getRows()[0] ?? []).map(Number)
  return candidates.map((each, index) => ({ ...each, share: all === 0 ? 1 : (met[index] ?? 0) / all }))
}
