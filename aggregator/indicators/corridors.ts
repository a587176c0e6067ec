import type { DuckDBConnection } from '@duckdb/node-api'
import corridors from '../../schemas/corridors.json' with { type: 'json' }
import type { Round } from '../../schemas/generated/records.ts'
import { parseExpression } from '../../schemas/language/parse.ts'
import { conditionSql, numberSql, type SqlPlace, textSql } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { areaDimension, unknown } from './dimensions.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** People who went from one place to another: an area of the register and a country, in either order. */
export interface Flow {
  /** out: from here to a country; in: from a country to here. */
  readonly direction: 'out' | 'in'
  readonly origin: string
  readonly destination: string
  readonly people: number
  /** Of them women and girls. */
  readonly women: number
}

/**
 * Migration corridors of a round: members abroad by where their home is and where they live, and people here by the country they came from.
 * Every area above the leaf has its own lines. Not for release. Who is meant stands in schemas/corridors.json.
 */
export async function corridorFlows(connection: DuckDBConnection, questionnaire: Questionnaire, round: Round): Promise<readonly Flow[]> {
  const { dimension, nodeOf, unknownNode } = areaDimension(round.areas)
  const flows = new Map<string, Flow>()
  for (const { direction, universe, country, women } of corridors) {
    const result = await connection.runAndReadAll(flowSql(questionnaire, { universe, country, women }), { round: round.id })
    for (const [area, place, people, female] of result.getRows()) {
      for (let node: number | null = nodeOf.get(String(area)) ?? unknownNode; node !== null; node = dimension.nodes[node]?.parent ?? null) {
        const here = dimension.nodes[node]?.code ?? unknown
        const [origin, destination] = direction === 'out' ? [here, String(place)] : [String(place), here]
        const key = `${direction} ${origin} ${destination}`
        const before = flows.get(key)
        flows.set(key, {
          direction: direction === 'out' ? 'out' : 'in',
          origin,
          destination,
          people: (before?.people ?? 0) + Number(people),
          women: (before?.women ?? 0) + Number(female),
        })
      }
    }
  }
  return [...flows.values()].sort(
    (a, b) => b.people - a.people || (`${a.origin} ${a.destination}` < `${b.origin} ${b.destination}` ? -1 : 1),
  )
}

interface Corridor {
  readonly universe: string
  readonly country: string
  readonly women: string
}

function flowSql(questionnaire: Questionnaire, { universe, country, women }: Corridor): string {
  const names = sqlNames(questionnaire)
  const repeat = personRepeat(questionnaire)
  const place: SqlPlace = { household: 'h', today: 'h.finished', now: "''", member: { repeat, alias: 'p' } }
  return `SELECT h.area, coalesce(${textSql(parseExpression(country), names, place)}, '${unknown}'), count(*)::double,
  coalesce(sum(${numberSql(parseExpression(women), names, place)}), 0)::double
FROM "current_${tableOf(questionnaire, repeat)}" p JOIN "current_${tableOf(questionnaire)}" h ON h.record_id = p.record_id
WHERE h.round = $round AND ${conditionSql(parseExpression(universe), names, place)}
GROUP BY ALL ORDER BY ALL`
}
