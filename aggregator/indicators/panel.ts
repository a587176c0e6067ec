import type { DuckDBConnection } from '@duckdb/node-api'
import { conditionSql, type SqlPlace } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import type { Indicator } from './definition.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** One person in two rounds: the pseudonym of each, 32 hex digits. Both homes consented to linking. */
export interface PanelLink {
  readonly earlier: string
  readonly later: string
}

/** What became of the same people. Not for release. */
export interface PanelTable {
  readonly marking: 'not for release'
  readonly indicator: string
  readonly rounds: readonly [earlier: string, later: string]
  /** Linked people. */
  readonly linked: number
  /** Of them, those who answered in both rounds, by their two answers. */
  readonly yesYes: number
  readonly yesNo: number
  readonly noYes: number
  readonly noNo: number
  /** Share later minus share earlier of the same people, in the indicator's unit; null when nobody answered twice. */
  readonly change: number | null
  /** Of the change, as of independent people: the same people answer twice, so only those who changed count (McNemar). */
  readonly standardError: number | null
}

/**
 * A proportion among people who were linked over two rounds.
 * @throws ProblemError `invalid-request` for an indicator that is no proportion of people.
 */
export async function panelTable(
  connection: DuckDBConnection,
  { definition, universe, numerator }: Indicator,
  questionnaire: Questionnaire,
  rounds: readonly [earlier: string, later: string],
  links: readonly PanelLink[],
): Promise<PanelTable> {
  if (definition.level !== 'person' || definition.type !== 'proportion' || universe === undefined || numerator === undefined)
    throw new ProblemError('invalid-request', `${definition.id} is not a proportion of people; only those are followed over rounds.`)
  const names = sqlNames(questionnaire)
  const repeat = personRepeat(questionnaire)
  const place: SqlPlace = {
    household: 'h',
    today: 'h.finished',
    now: "strftime(h.finished, '%Y-%m-%dT00:00:00')",
    member: { repeat, alias: 'p' },
  }
  const sql = `WITH people AS (
  SELECT p.round, replace(p.person_key::varchar, '-', '') AS person,
    ${conditionSql(universe, names, place)} AS counts, ${conditionSql(numerator, names, place)} AS yes
  FROM "current_${tableOf(questionnaire, repeat)}" p JOIN "current_${tableOf(questionnaire)}" h ON h.record_id = p.record_id
  WHERE p.round IN ($earlier, $later)
), links AS (
  SELECT unnest(string_split($first, chr(10))) AS first, unnest(string_split($second, chr(10))) AS second
)
SELECT count_if(a.yes AND b.yes)::double, count_if(a.yes AND NOT b.yes)::double, count_if(NOT a.yes AND b.yes)::double, count_if(NOT a.yes AND NOT b.yes)::double
FROM links JOIN people a ON a.person = first AND a.round = $earlier JOIN people b ON b.person = second AND b.round = $later
WHERE a.counts AND b.counts`
  const [earlier, later] = rounds
  const parameters = {
    earlier,
    later,
    first: links.map((link) => link.earlier).join('\n'),
    second: links.map((link) => link.later).join('\n'),
  }
  const [row = []] = (await connection.runAndReadAll(sql, parameters)).getRows()
  const [yesYes = 0, yesNo = 0, noYes = 0, noNo = 0] = row.map(Number)
  const answered = yesYes + yesNo + noYes + noNo
  const { per = 1 } = definition
  const variance = (yesNo + noYes - (noYes - yesNo) ** 2 / answered) / answered ** 2
  return {
    marking: 'not for release',
    indicator: definition.id,
    rounds,
    linked: links.length,
    yesYes,
    yesNo,
    noYes,
    noNo,
    change: answered === 0 ? null : (per * (noYes - yesNo)) / answered,
    standardError: answered === 0 ? null : per * Math.sqrt(variance),
  }
}
