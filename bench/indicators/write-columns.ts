import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type AnswerCodes, columnOf, numbersOf, textCodes } from '../../aggregator/indicators/answer-codes.ts'
import { keySql } from '../../aggregator/indicators/base-query.ts'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { dimensionOf } from '../../aggregator/indicators/dimensions.ts'
import { conjuncts } from '../../aggregator/indicators/scan-plan.ts'
import { mostRows } from '../../aggregator/indicators/scan-rows.ts'
import { sqlNames } from '../../aggregator/indicators/sql-names.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Setting } from './contestants.ts'
import { integerCodes, listCodes } from './number-answers.ts'
import { type CodedColumns, type Dialect, inDialect } from './dialect.ts'

/** Keys of the base cells, made ready for the contestants: area, sex, age group, status. */
export const keyNames = ['area3', 'sex', 'age_group', 'status'] as const

export interface Columns {
  readonly folder: string
  readonly persons: number
  readonly coded: CodedColumns
}

interface Source {
  readonly name: string
  readonly sql: string
  readonly isKey: boolean
}

/**
 * Writes every column that the indicators look at as a file of plain numbers (16 bits, doubles for amounts), the lightest food there is:
 * columns.tsv says name and type. Joining the homes, coding the texts and banding the ages is done here, outside the contestants' time.
 */
export async function writeColumns(
  indicators: readonly Indicator[],
  { connection, questionnaire, round }: Setting,
  folder: string,
): Promise<Columns> {
  const names = sqlNames(questionnaire)
  const wanted = new Set(indicators.flatMap((each) => partsOf(each).flatMap((part) => [...dependencies(part).names])))
  const place = { household: 'h', today: 'h.finished', now: "''", member: { repeat: 'person', alias: 'p' } }
  const dimensions = ['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS'].map((id) => dimensionOf(id, questionnaire, round.areas))
  const sources: Source[] = [
    ...keyNames.map((name, index) => {
      const dimension = dimensions[index]
      if (!dimension) throw new RangeError('Every key has its dimension.')
      const sql = dimension.value === null ? 'CAST(substr(p.area, 2) AS INTEGER)' : keySql(dimension, names, place)
      return { name, sql, isKey: true }
    }),
    ...[...wanted].sort().map((name) => {
      const question = names.question(name)
      if (!question) throw new RangeError(`There is no column for ${name}.`)
      return { name, sql: `${question.repeat === undefined ? 'h' : 'p'}."${question.column}"`, isKey: false }
    }),
  ]
  const sql = `SELECT ${sources.map(({ sql: each }) => each).join(', ')} FROM household_person p JOIN household h ON h.record_id = p.record_id`
  const types = (await connection.runAndReadAll(`DESCRIBE ${sql}`)).getRows().map(([, type]) => String(type))
  const levels = new Map<string, number>()
  const coders = sources.map(({ name }, index) => createCoder(join(folder, `${name}.bin`), types[index] ?? '', levels))
  const persons = await streamInto(connection, sql, coders)
  writeFileSync(
    join(folder, 'columns.tsv'),
    sources.map(({ name, isKey }, index) => `${name}\t${coders[index]?.type ?? ''}\t${isKey ? 'key' : 'answer'}\n`).join(''),
  )
  const named = (isText: boolean) => new Set(sources.flatMap(({ name }, index) => (coders[index]?.isText === isText ? [name] : [])))
  return { folder, persons, coded: { numbers: named(false), texts: named(true), levels: [...levels.keys()] } }
}

async function streamInto(connection: DuckDBConnection, sql: string, coders: readonly Coder[]): Promise<number> {
  let persons = 0
  const result = await connection.stream(sql)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [index, coder] of coders.entries()) coder.take(columnOf(chunk, index), chunk.rowCount)
    persons += chunk.rowCount
  }
  for (const coder of coders) coder.close()
  return persons
}

const partsOf = ({ asked, universe, numerator, value }: Indicator): readonly Expression[] =>
  [asked, universe, numerator, value].filter((part) => part !== undefined)

/** recipe.tsv: what each indicator counts, a line each: id, asked, answered (given asked), cases (given answered), the column of a mean. */
export function writeRecipe(indicators: readonly Indicator[], { folder, coded }: Columns, dialect: Dialect): void {
  const all = (parts: readonly Expression[]) => parts.map((part) => inDialect(part, coded, dialect)).join(` ${dialect.and} `)
  const lines = indicators.map(({ definition, universe = 1, asked = universe, numerator, value }) => {
    const before = new Set(conjuncts(asked).map((part) => JSON.stringify(part)))
    const rest = conjuncts(universe).filter((part) => !before.has(JSON.stringify(part)))
    const column = definition.type === 'mean' && value !== undefined && typeof value !== 'number' && value[0] === 'ref' ? value[1] : ''
    const answered = [...(rest.length ? [all(rest)] : []), ...(column === '' ? [] : [`(${column} ${dialect.unequal} -1)`])]
    const cases = definition.type === 'proportion' && numerator !== undefined ? all(conjuncts(numerator)) : ''
    return [definition.id, all(conjuncts(asked)), answered.join(` ${dialect.and} `), cases, column].join('\t')
  })
  writeFileSync(join(folder, 'recipe.tsv'), `${lines.join('\n')}\n`)
}

interface Coder {
  readonly type: 'int16' | 'float64'
  readonly isText: boolean
  take(vector: Parameters<AnswerCodes['read']>[0], rows: number): void
  close(): void
}

function createCoder(path: string, type: string, levels: Map<string, number>): Coder {
  const file = openSync(path, 'w')
  const close = () => closeSync(file)
  if (type === 'DOUBLE') {
    const numbers = new Float64Array(mostRows)
    return {
      type: 'float64',
      isText: false,
      take(vector, rows) {
        numbersOf(vector, rows, numbers)
        for (let row = 0; row < rows; row++) if (Number.isNaN(numbers[row])) numbers[row] = -1
        writeSync(file, numbers.subarray(0, rows))
      },
      close,
    }
  }
  const numbered = (text: string) => {
    const found = levels.get(text) ?? levels.size
    levels.set(text, found)
    return found
  }
  const small: number[] = []
  const isText = type !== 'INTEGER'
  const reader = { VARCHAR: textCodes, 'VARCHAR[]': listCodes, INTEGER: integerCodes }[type]
  if (!reader) throw new RangeError(`Columns of type ${type} are not written.`)
  const codes = reader((answer) => small.push(answer === null ? -1 : isText ? numbered(String(answer)) : Number(answer)))
  const read = new Int32Array(mostRows)
  const out = new Int16Array(mostRows)
  return {
    type: 'int16',
    isText,
    take(vector, rows) {
      codes.read(vector, rows, read)
      for (let row = 0; row < rows; row++) out[row] = small[read[row] as number] as number
      writeSync(file, out.subarray(0, rows))
    },
    close,
  }
}
