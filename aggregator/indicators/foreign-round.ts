import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { parseExpression } from '../../schemas/language/parse.ts'
import { asKind, firstOf, SqlError, textLiteral } from '../../schemas/language/sql-value.ts'
import { type SqlNames, type SqlPlace, toSql } from '../../schemas/language/to-sql.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** How the columns of somebody else's survey become answers to our questions. */
export interface ForeignMapping {
  readonly schema: 'mapping/1'
  readonly round: string
  readonly title: string
  /** Day of the interviews, when the file has none. */
  readonly day: string
  readonly household: ForeignTable & { readonly area: string }
  readonly person: ForeignTable & { readonly order?: string }
  readonly areas: Round['areas']
}

export interface ForeignTable {
  /** CSV with a header line, beside the mapping file. */
  readonly file: string
  /** Column that names the home. */
  readonly key: string
  readonly columns: Readonly<Record<string, ForeignColumn>>
}

/** A column of the file with its codes, one value for all, or an expression over other answers. What is mapped to '' is empty. */
export type ForeignColumn =
  | { readonly from: string; readonly codes?: Readonly<Record<string, string>> }
  | { readonly value: string }
  | { readonly expression: string }

/** A foreign survey laid out like a round of ours, in a database of its own; `tabulate` reads it. */
export interface ForeignRound {
  readonly connection: DuckDBConnection
  readonly round: Round
  /** Values that no code covers, per question: they became empty. Counts only. */
  readonly withoutCode: readonly { readonly question: string; readonly values: number }[]
  /** Derived variables that could not be computed, with the reason. */
  readonly notDerived: readonly { readonly question: string; readonly reason: string }[]
  close(): void
}

type Level = 'household' | 'person'
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Loads the survey that a mapping file describes; derived variables of the questionnaire that are not mapped are computed by its own rules. */
export async function openForeignRound(path: string, questionnaire: Questionnaire): Promise<ForeignRound> {
  const mapping = JSON.parse(await readFile(path, 'utf8')) as ForeignMapping
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  const loader = new Loader(connection, questionnaire, mapping, dirname(path))
  await loader.load()
  return {
    connection,
    round: loader.round(),
    withoutCode: loader.withoutCode,
    notDerived: loader.notDerived,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

class Loader {
  readonly withoutCode: { question: string; values: number }[] = []
  readonly notDerived: { question: string; reason: string }[] = []
  readonly #names: SqlNames
  readonly #repeat: string

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly questionnaire: Questionnaire,
    private readonly mapping: ForeignMapping,
    private readonly folder: string,
  ) {
    this.#names = sqlNames(questionnaire, '')
    this.#repeat = personRepeat(questionnaire)
  }

  async load(): Promise<void> {
    await this.#loadTable('household')
    await this.#loadTable('person')
    for (const [level, question, expression] of this.#derivations()) await this.#derive(level, question, expression)
    for (const level of ['household', 'person'] as const)
      await this.connection.run(`CREATE VIEW ${quoted(`current_${this.#table(level)}`)} AS SELECT * FROM ${quoted(this.#table(level))}`)
  }

  round(): Round {
    const { id, version, sha256 } = this.questionnaire
    const { round, title, day, areas } = this.mapping
    return {
      schema: 'round/1',
      id: round,
      title,
      questionnaire: { id, version, sha256 },
      referenceDay: day,
      starts: day,
      ends: day,
      settings: {},
      areas,
    }
  }

  #table(level: Level): string {
    return tableOf(this.questionnaire, level === 'person' ? this.#repeat : undefined)
  }

  #mapped(level: Level): Readonly<Record<string, ForeignColumn>> {
    return this.mapping[level].columns
  }

  async #loadTable(level: Level): Promise<void> {
    const { household, person, round, day } = this.mapping
    const { file, key } = this.mapping[level]
    const source = `read_csv(${textLiteral(resolve(this.folder, file))}, all_varchar = true, header = true)`
    const meta = [`f.${quoted(key)} AS record_id`, `${textLiteral(round)} AS round`, `DATE ${textLiteral(day)} AS finished`]
    const place =
      level === 'household'
        ? `f.${quoted(household.area)} AS area`
        : `CAST(row_number() OVER (PARTITION BY f.${quoted(key)} ORDER BY ${person.order ? `CAST(f.${quoted(person.order)} AS INTEGER)` : '1'}) AS INTEGER) AS row_position`
    const columns = questionsOf(this.questionnaire.items, level).map(
      (question) => `${this.#columnSql(level, question)} AS ${quoted(question.name)}`,
    )
    await this.connection.run(
      `CREATE TABLE ${quoted(this.#table(level))} AS SELECT ${[...meta, place, ...columns].join(', ')} FROM ${source} f`,
    )
    for (const [question, column] of Object.entries(this.#mapped(level))) {
      if (!('from' in column) || !column.codes) continue
      const known = Object.keys(column.codes).map(textLiteral).join(', ')
      const [row] = (
        await this.connection.runAndReadAll(
          `SELECT count(*)::INTEGER FROM ${source} f WHERE trim(f.${quoted(column.from)}) NOT IN (${known}, '')`,
        )
      ).getRowsJS()
      const values = Number(row?.[0] ?? 0)
      if (values > 0) this.withoutCode.push({ question, values })
    }
  }

  #columnSql(level: Level, question: Question): string {
    const column = this.#mapped(level)[question.name]
    const type = columnType(this.#names.question(question.name)?.kind ?? 'text')
    if (!column || 'expression' in column) return `CAST(NULL AS ${type})`
    const text = 'value' in column ? textLiteral(column.value) : codedSql(column)
    return type === 'VARCHAR[]'
      ? `nullif(list_filter(string_split(coalesce(${text}, ''), ' '), lambda code: code <> ''), [])`
      : `TRY_CAST(nullif(${text}, '') AS ${type})`
  }

  /** Mapped expressions, and the questionnaire's own calculations of what is not mapped, each after what it reads. */
  #derivations(): readonly (readonly [Level, Question, Expression])[] {
    const all = (['household', 'person'] as const).flatMap((level) =>
      questionsOf(this.questionnaire.items, level).flatMap((question): readonly (readonly [Level, Question, Expression])[] => {
        const column = this.#mapped(level)[question.name]
        if (column) return 'expression' in column ? [[level, question, parseExpression(column.expression)]] : []
        return question.calculation === undefined ? [] : [[level, question, question.calculation]]
      }),
    )
    const byName = new Map(all.map((each) => [each[1].name, each]))
    const ordered = new Set<(typeof all)[number]>()
    const visit = (each: (typeof all)[number], above: readonly string[]): void => {
      if (ordered.has(each) || above.includes(each[1].name)) return
      for (const name of dependencies(each[2]).names) {
        const before = byName.get(name)
        if (before) visit(before, [...above, each[1].name])
      }
      ordered.add(each)
    }
    for (const each of all) visit(each, [])
    return [...ordered]
  }

  async #derive(level: Level, question: Question, expression: Expression): Promise<void> {
    const place: SqlPlace = {
      household: 'h',
      today: 'h.finished',
      now: "strftime(h.finished, '%Y-%m-%dT00:00:00')",
      ...(level === 'person' && { member: { repeat: this.#repeat, alias: 'p' } }),
    }
    try {
      const value = firstOf(toSql(expression, this.#names, place))
      const kind = this.#names.question(question.name)?.kind ?? 'text'
      const sql = `TRY_CAST(${kind === 'text' ? asKind(value, 'text') : value.sql} AS ${columnType(kind)})`
      const home = `${quoted(this.#table('household'))} h`
      const [own, from] =
        level === 'person' ? ['p', `${quoted(this.#table('person'))} p JOIN ${home} ON h.record_id = p.record_id`] : ['h', home]
      await this.connection.run(
        `CREATE OR REPLACE TABLE ${quoted(this.#table(level))} AS SELECT ${own}.* REPLACE (${sql} AS ${quoted(question.name)}) FROM ${from}`,
      )
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      this.notDerived.push({ question: question.name, reason: error.message })
    }
  }
}

function codedSql({ from, codes }: { readonly from: string; readonly codes?: Readonly<Record<string, string>> }): string {
  const text = `trim(f.${quoted(from)})`
  if (!codes) return text
  return `CASE ${text} ${Object.entries(codes)
    .map(([theirs, ours]) => `WHEN ${textLiteral(theirs)} THEN ${textLiteral(ours)}`)
    .join(' ')} END`
}

const columnType = (kind: string): string => ({ number: 'DOUBLE', date: 'DATE', codes: 'VARCHAR[]' })[kind] ?? 'VARCHAR'

function questionsOf(items: readonly Item[], wanted: Level, level: Level = 'household'): readonly Question[] {
  return items.flatMap((item): readonly Question[] => {
    if (item.kind === 'question') return level === wanted && item.type !== 'note' ? [item] : []
    return questionsOf(item.items, wanted, item.kind === 'repeat' ? 'person' : level)
  })
}
