import type { DuckDBConnection } from '@duckdb/node-api'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** 10 provinces of 10 municipalities of 10 barangays. */
export function censusRound(): Round {
  const digits = Array.from({ length: 10 }, (_, digit) => digit)
  const areas: Round['areas'] = digits.flatMap((province) => [
    { code: `P${province}`, name: `Province ${province}`, level: 'province' as const },
    ...digits.flatMap((town) => [
      { code: `P${province}${town}`, name: `Town ${town}`, level: 'municipality' as const, parent: `P${province}` },
      ...digits.map((barangay) => ({
        code: `P${province}${town}${barangay}`,
        name: `Barangay ${barangay}`,
        level: 'barangay' as const,
        parent: `P${province}${town}`,
      })),
    ]),
  ])
  return {
    schema: 'round/1',
    id: 'census',
    title: 'Made-up census',
    questionnaire: { id: 'household', version: '1', sha256: '' },
    referenceDay: '2026-03-01',
    starts: '2026-03-01',
    ends: '2026-03-31',
    settings: {},
    areas,
  }
}

interface Asked {
  readonly question: Question
  readonly level: 'person' | 'household'
}

function questions(items: readonly Item[], level: Asked['level'] = 'household'): readonly Asked[] {
  return items.flatMap((item): readonly Asked[] =>
    item.kind === 'question' ? [{ question: item, level }] : questions(item.items, item.kind === 'repeat' ? 'person' : level),
  )
}

/** Names that the indicators and dimensions read. */
function wanted(indicators: readonly Indicator[]): ReadonlySet<string> {
  const parts = indicators.flatMap(({ asked, universe, numerator, denominator, value }) => [asked, universe, numerator, denominator, value])
  const names = parts.flatMap((part) => (part === undefined ? [] : [...dependencies(part).names]))
  return new Set([...names, 'B03', 'age', 'migration_status', 'disability', 'sex_of_head', 'household_with_member_abroad'])
}

const statuses = ['ABROAD', 'RETURN', 'FOREIGN', 'FB_CIT', 'IDP', 'NON']

/** A column of pseudo-random answers by row number: the same figures on every machine. */
function column({ question: { name, type, list, valueType } }: Asked, place: number, questionnaire: Questionnaire): string {
  const draw = (sides: number) => `(hash(i * 1000003 + ${place}) % ${sides})`
  const oneOf = (codes: readonly string[]) =>
    `([${codes.map((code) => `'${code}'`).join(', ')}])[CAST(${draw(codes.length)} AS INTEGER) + 1]`
  const codes = (questionnaire.lists[list ?? '']?.choices ?? []).map((choice) => choice.name).slice(0, 6)
  const sql = () => {
    if (name === 'B06') return `CASE WHEN away THEN '3' ELSE '1' END`
    if (name === 'is_selected_adult') return `CAST(i % 5 = 0 AS INTEGER)`
    if (name === 'worked_abroad_36m' || name === 'returnee_5y') return 'CAST(returned AS INTEGER)'
    if (name === 'A07') return oneOf(['1', '1', '1', '1', '1', '1', '1', '0'])
    if (name === 'B03') return oneOf(['F', 'M'])
    if (name === 'home_country') return `'PHL'`
    if (name === 'migration_status') return oneOf(statuses)
    if (name === 'age') return 'years'
    if (type === 'select_one') return oneOf(codes)
    if (type === 'select_multiple' || type === 'rank') return `[${oneOf(codes)}]`
    if (type === 'integer' || type === 'range') return `CAST(${draw(8)} AS INTEGER)`
    if (type === 'decimal') return `CAST(${draw(8000)} AS DOUBLE) / 4`
    if (type === 'date' || type === 'today') return `DATE '2020-01-01' + CAST(${draw(2000)} AS INTEGER)`
    if (valueType === 'integer') return `CAST(${draw(2)} AS INTEGER)`
    if (valueType === 'decimal') return `CAST(${draw(400)} AS DOUBLE) / 16`
    return type === 'hidden' ? `CAST(${draw(2)} AS VARCHAR)` : oneOf(['a', 'b'])
  }
  const asked = Object.entries(askedOf).find(([start]) => name.startsWith(start) && /\d/.test(name))?.[1]
  const skipped = asked === undefined ? '' : `WHEN NOT (${asked}) THEN NULL `
  return `CASE ${skipped}WHEN hash(i * 7 + ${place}) % 12 = 0 THEN NULL ELSE ${sql()} END AS "${name}"`
}

/** Who is asked the questions of a module, roughly as the survey skips. */
const askedOf: Readonly<Record<string, string>> = {
  E: 'years BETWEEN 3 AND 24',
  F: 'years <= 5 OR i % 3 = 0',
  G: 'years >= 15',
  H: 'returned OR away',
  I: 'returned',
  J: 'away',
  K: 'i % 5 = 0',
  L: 'i % 5 = 0',
}

/** People: one in sixteen lives abroad, one in sixteen came back from there. */
const people = `SELECT i, CAST(hash(i * 31) % 86 AS INTEGER) AS years, hash(i * 37) % 16 = 0 AS away, hash(i * 41) % 16 = 1 AS returned FROM range`

const meta = (home: string) =>
  `'r:' || ${home} AS record_id, 'census' AS round, 'P' || lpad(CAST(CAST(${home} * 1000 // $homes AS INTEGER) AS VARCHAR), 3, '0') AS area, DATE '2026-03-10' AS finished`

/** Fills household and household_person with `persons` people, five in a home, homes in the order of their areas. */
export async function makeCensus(
  connection: DuckDBConnection,
  indicators: readonly Indicator[],
  questionnaire: Questionnaire,
  persons: number,
): Promise<void> {
  const names = wanted(indicators)
  const asked = questions(questionnaire.items).filter(({ question }) => names.has(question.name))
  const columns = (level: Asked['level']) =>
    asked.flatMap((each, place) => (each.level === level ? [column(each, place, questionnaire)] : [])).join(',\n')
  const homes = Math.ceil(persons / 5)
  const make = (sql: string) => connection.run(sql.replaceAll('$homes', String(homes)))
  await make(`CREATE TABLE household AS SELECT ${meta('i')}, ${columns('household')} FROM (${people}(${homes}) t(i))`)
  await make(
    `CREATE TABLE household_person AS SELECT ${meta('(i // 5)')}, CAST(i % 5 AS INTEGER) + 1 AS row_position, ${columns('person')} FROM (${people}(${persons}) t(i))`,
  )
}

/** What counts, as the warehouse says it: all but the few records that do not. */
export async function makeViews(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS not_counted (record_id VARCHAR NOT NULL)')
  for (const table of ['household', 'household_person'])
    await connection.run(
      `CREATE OR REPLACE VIEW current_${table} AS SELECT t.* FROM ${table} t ANTI JOIN not_counted n ON n.record_id = t.record_id`,
    )
}
