import type { Question, Questionnaire } from '../questionnaire.ts'
import { repeatsOf, storedQuestions } from './stored-questions.ts'

export type ColumnType = 'VARCHAR' | 'VARCHAR[]' | 'INTEGER' | 'DOUBLE' | 'DATE' | 'UUID' | 'UTINYINT'

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
  /** The question it holds; absent on columns that every table has. */
  readonly question?: Question
  /** `missing`: 98 or 99 where the question's own column is NULL because of such an answer. */
  readonly holds: 'meta' | 'answer' | 'missing'
}

export interface Table {
  /** `household`, `household_person`. */
  readonly name: string
  readonly repeat?: string
  readonly columns: readonly TableColumn[]
}

const meta: readonly (readonly [string, ColumnType])[] = [
  ['record_id', 'VARCHAR'],
  ['household_key', 'UUID'],
  ['round', 'VARCHAR'],
  ['area', 'VARCHAR'],
  ['questionnaire_version', 'VARCHAR'],
  ['finished', 'DATE'],
]
const metaOfMember: readonly (readonly [string, ColumnType])[] = [
  ['person_key', 'UUID'],
  ['row_position', 'INTEGER'],
]

/** The database tables of a questionnaire: one of its household level and one per repeat, without direct identifiers. */
export function tablesOf(questionnaire: Questionnaire): readonly Table[] {
  const stored = storedQuestions(questionnaire)
  const columnsIn = (repeat: string | undefined): TableColumn[] =>
    stored.filter((each) => each.repeat === repeat).flatMap(({ question }) => columnsOf(question))
  const metaColumns = (columns: typeof meta): TableColumn[] => columns.map(([name, type]) => ({ name, type, holds: 'meta' }))
  return [
    { name: questionnaire.id, columns: [...metaColumns(meta), ...columnsIn(undefined)] },
    ...repeatsOf(questionnaire).map((repeat) => ({
      name: `${questionnaire.id}_${repeat}`,
      repeat,
      columns: [...metaColumns(meta), ...metaColumns(metaOfMember), ...columnsIn(repeat)],
    })),
  ]
}

function columnsOf(question: Question): readonly TableColumn[] {
  const column: TableColumn = { name: question.name, type: columnType(question), question, holds: 'answer' }
  if (question.missing === undefined) return [column]
  return [column, { name: `${question.name}_missing`, type: 'UTINYINT', question, holds: 'missing' }]
}

function columnType({ type, valueType }: Question): ColumnType {
  switch (valueType ?? type) {
    case 'integer':
      return 'INTEGER'
    case 'decimal':
    case 'range':
      return 'DOUBLE'
    case 'date':
    case 'today':
      return 'DATE'
    case 'select_multiple':
    case 'rank':
      return 'VARCHAR[]'
    default:
      return 'VARCHAR'
  }
}

/** Statements that create the tables where they do not exist. */
export function createTables(tables: readonly Table[]): string {
  return tables
    .map(
      ({ name, columns }) =>
        `create table if not exists ${quoted(name)} (\n${columns.map((each) => `    ${quoted(each.name)} ${each.type}`).join(',\n')}\n);\n`,
    )
    .join('\n')
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
