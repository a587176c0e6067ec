import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { storedQuestions } from '../../schemas/xlsform/stored-questions.ts'
import { tableOf } from './sql-names.ts'

/** A figure about the survey itself. */
export interface PipelineFigure {
  readonly indicator: 'QUA01' | 'QUA02' | 'QUA04' | 'QUA06' | 'QUA07'
  /** Area code, or `_T`; of QUA04 the question. */
  readonly of: string
  readonly numerator: number | null
  readonly denominator: number
  /** Percent; of QUA06 days. Null where nothing is counted. */
  readonly value: number | null
}

const percent = (numerator: number, denominator: number) => (denominator === 0 ? null : (100 * numerator) / denominator)

/** Visits, as the last version of each interview tells them: refusals store nothing but their result, so they are read from the table, not from what counts. */
const visitsCte = (table: string) => `WITH visits AS (
  SELECT l.record_id, l.area, h.visit_result,
    row_number() OVER (PARTITION BY l.root ORDER BY l.received DESC) AS place
  FROM ledger l JOIN "${table}" h ON h.record_id = l.record_id
  WHERE l.round = $round AND l.status IN ('accepted', 'held') AND l.kind IN ('interview', 'correction')
)`

const visitsSql = (table: string) => `${visitsCte(table)}, listed AS (
  SELECT area, count(DISTINCT root)::double AS homes FROM ledger WHERE round = $round AND kind = 'listing' AND status = 'accepted' GROUP BY area
), met AS (
  SELECT area, count_if(visit_result = '1')::double AS completed, count_if(visit_result IN ('1', '2', '5'))::double AS met, count_if(visit_result = '5')::double AS refused
  FROM visits WHERE place = 1 GROUP BY area
)
SELECT coalesce(met.area, listed.area), coalesce(homes, 0), coalesce(completed, 0), coalesce(met, 0), coalesce(refused, 0)
FROM met FULL JOIN listed ON listed.area = met.area ORDER BY 1`

/** QUA01, completed visits of the homes on the listing (no figure where nothing was listed), and QUA02, refusals, by area and in total. */
export async function visitFigures(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
): Promise<readonly PipelineFigure[]> {
  const rows = (await connection.runAndReadAll(visitsSql(tableOf(questionnaire)), { round })).getRows()
  const areas = rows.map(([area, ...counts]) => ({ area: String(area), counts: counts.map(Number) }))
  const total = areas.reduce((sum, { counts }) => sum.map((each, index) => each + (counts[index] ?? 0)), [0, 0, 0, 0])
  return [{ area: '_T', counts: total }, ...areas].flatMap(
    ({ area, counts: [listed = 0, completed = 0, met = 0, refused = 0] }): PipelineFigure[] => [
      { indicator: 'QUA01', of: area, numerator: completed, denominator: listed, value: percent(completed, listed) },
      { indicator: 'QUA02', of: area, numerator: refused, denominator: met, value: percent(refused, met) },
    ],
  )
}

/** Homes of an area: those that should have answered, and those of them whose interview counts. */
export interface Responses {
  readonly eligible: number
  readonly completed: number
}

/** Empty homes, homes not found and households that moved away should not have answered; whoever was absent, refused or could not be asked safely should. */
const responsesSql = (table: string) => `${visitsCte(table)}
SELECT area, count_if(visit_result IN ('1', '2', '3', '4', '5', '8'))::double,
  count_if(visit_result = '1' AND record_id NOT IN (SELECT record_id FROM not_counted))::double
FROM visits WHERE place = 1 GROUP BY area ORDER BY area`

export async function responsesPerArea(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
): Promise<ReadonlyMap<string, Responses>> {
  const rows = (await connection.runAndReadAll(responsesSql(tableOf(questionnaire)), { round })).getRows()
  return new Map(rows.map(([area, eligible, completed]) => [String(area), { eligible: Number(eligible), completed: Number(completed) }]))
}

/** Item non-response of one question: the first code of each kind that means no answer. */
export interface QuestionNonResponse {
  readonly question: string
  /** Everybody who was asked and left something: an answer, don't know, or prefer not to say. */
  readonly answers: number
  readonly dontKnow: number
  readonly preferNotToSay: number
}

/** How each question was answered, in the order of the questionnaire. */
export async function itemNonResponse(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
): Promise<readonly QuestionNonResponse[]> {
  const stored = storedQuestions(questionnaire).filter(({ question: { type } }) => type !== 'calculate' && type !== 'hidden')
  const found: QuestionNonResponse[] = []
  for (const repeat of new Set(stored.map((each) => each.repeat))) {
    const own = stored.filter((each) => each.repeat === repeat).map(({ question }) => question)
    const columns = own.flatMap(({ name, type, missing }) => {
      const column = `"${name.replaceAll('"', '""')}"`
      const isList = type === 'select_multiple' || type === 'rank'
      const is = (code: string) => {
        if (missing !== undefined) return `coalesce("${name}_missing" = ${code}, false)`
        return isList ? `coalesce(list_contains(${column}, '${code}'), false)` : `coalesce(${column}::varchar = '${code}', false)`
      }
      const given = missing === undefined ? `count(${column})` : `count_if(${column} IS NOT NULL OR "${name}_missing" IS NOT NULL)`
      return [`${given}::double`, `count_if(${is('98')})::double`, `count_if(${is('99')})::double`]
    })
    if (columns.length === 0) continue
    const sql = `SELECT ${columns.join(', ')} FROM "current_${tableOf(questionnaire, repeat)}" WHERE round = $round`
    const [row = []] = (await connection.runAndReadAll(sql, { round })).getRows()
    const numbers = row.map(Number)
    for (const [index, { name }] of own.entries()) {
      const [answers = 0, dontKnow = 0, preferNotToSay = 0] = numbers.slice(3 * index)
      found.push({ question: name, answers, dontKnow, preferNotToSay })
    }
  }
  return found
}

/** QUA04, "prefer not to say", per question and over all. */
export function refusalFigures(questions: readonly QuestionNonResponse[]): readonly PipelineFigure[] {
  const all = questions.reduce(
    (sum, each) => ({ answers: sum.answers + each.answers, preferNotToSay: sum.preferNotToSay + each.preferNotToSay }),
    { answers: 0, preferNotToSay: 0 },
  )
  return [{ question: '_T', ...all }, ...questions].map(({ question, answers, preferNotToSay }) => ({
    indicator: 'QUA04',
    of: question,
    numerator: preferNotToSay,
    denominator: answers,
    value: percent(preferNotToSay, answers),
  }))
}

/** QUA06, median days from interview to the day a table of the round was first published; null before the first. */
export async function daysToTable(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  publishedDay: string | null,
): Promise<PipelineFigure> {
  const result = await connection.runAndReadAll(
    `SELECT count(finished)::double, quantile_cont(date_diff('day', finished, $day::date), 0.5)::double
     FROM "current_${tableOf(questionnaire)}" WHERE round = $round AND finished <= $day::date`,
    { round, day: publishedDay ?? '1970-01-01' },
  )
  const [[interviews = 0, days = null] = []] = result.getRows()
  return {
    indicator: 'QUA06',
    of: '_T',
    numerator: null,
    denominator: Number(interviews),
    value: publishedDay === null || days === null ? null : Number(days),
  }
}

/** QUA07, published tables that hold sex, age, migration status and disability together. */
export function fullyBrokenDown(tables: readonly { readonly dimensions: readonly string[] }[]): PipelineFigure {
  const full = tables.filter(({ dimensions }) => ['SEX', 'AGE', 'MIG_STATUS', 'DISABILITY'].every((id) => dimensions.includes(id))).length
  return { indicator: 'QUA07', of: '_T', numerator: full, denominator: tables.length, value: percent(full, tables.length) }
}
