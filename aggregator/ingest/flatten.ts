import type { Answer, Answers, Row } from '../../schemas/interview/answers.ts'
import type { ColumnType, TableColumn } from '../../schemas/xlsform/tables.ts'
import type { Cell } from '../warehouse/table-writer.ts'
import type { TableLayout } from '../warehouse/warehouse.ts'
import { isRows } from './merge-identity.ts'

/** What every row of an interview carries beside its answers. */
export interface RowMeta {
  readonly record_id: string
  readonly household_key: string
  readonly round: string
  readonly area: string
  readonly questionnaire_version: string
  readonly finished: string
  /** Pseudonym of the member with this row id. */
  person(row: string): string
}

export interface TableRows {
  readonly table: string
  readonly rows: readonly (readonly Cell[])[]
}

/** One interview as rows of its tables, cells in the order of their columns. */
export function flatten(answers: Answers, layouts: readonly TableLayout[], meta: RowMeta): readonly TableRows[] {
  return layouts.map(({ name, repeat, columns }) => {
    if (repeat === undefined) return { table: name, rows: [columns.map((column) => cellOf(column, answers, meta, null, 0))] }
    const members = answers[repeat]
    const rows = isRows(members) ? members : []
    return { table: name, rows: rows.map((row, position) => columns.map((column) => cellOf(column, row, meta, row, position))) }
  })
}

function cellOf(
  { name, type, holds, question }: TableColumn,
  answers: Answers | Row,
  meta: RowMeta,
  row: Row | null,
  position: number,
): Cell {
  if (holds !== 'meta') {
    // A column of another version of the questionnaire has no question here.
    const answer = question ? (answers[question.name] as Answer | undefined) : undefined
    return holds === 'missing' ? missingCode(answer) : valueOf(answer, type)
  }
  if (name === 'person_key') return row ? meta.person(row._id) : null
  if (name === 'row_position') return position
  const value = meta[name as keyof RowMeta]
  return typeof value === 'string' ? value : null
}

/** 98 don't know, 99 prefer not to say; numbers hold them negative. */
function missingCode(answer: Answer | undefined): number | null {
  if (answer === '98' || answer === -98) return 98
  return answer === '99' || answer === -99 ? 99 : null
}

/** A held record may hold anything under a name: what does not fit its column is left out, not forced. */
function valueOf(answer: Answer | undefined, type: ColumnType): Cell {
  if (answer === undefined || answer === '') return null
  switch (type) {
    case 'INTEGER': {
      const number = Number(answer)
      return Number.isInteger(number) && Math.abs(number) <= 2_147_483_647 && number !== -98 && number !== -99 ? number : null
    }
    case 'DOUBLE': {
      const number = Number(answer)
      return Number.isFinite(number) && number !== -98 && number !== -99 ? number : null
    }
    case 'DATE':
      return typeof answer === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(answer) && !Number.isNaN(Date.parse(answer)) ? answer : null
    case 'VARCHAR[]':
      return Array.isArray(answer) ? answer.map(String) : [String(answer)]
    case 'VARCHAR':
      return Array.isArray(answer) ? answer.join(' ') : String(answer)
    default:
      return null
  }
}
