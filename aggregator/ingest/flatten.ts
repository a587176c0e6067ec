import type { Answer, Answers, Row } from '../../schemas/interview/answers.ts'
import type { ColumnType, TableColumn } from '../../schemas/xlsform/tables.ts'
import type { NumberColumn } from '../warehouse/column-buffer.ts'
import type { Cell, ColumnBuffer } from '../warehouse/filling-column.ts'
import type { TableBuffer } from '../warehouse/table-buffer.ts'
import type { TextColumn } from '../warehouse/text-columns.ts'
import type { TableLayout } from '../warehouse/warehouse.ts'
import { isRows } from './merge-identity.ts'
import type { Given, Level, Slot } from './rules/slots.ts'

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

/** A table to write rows to: one row per record, or several. */
export interface RowTable extends Pick<TableLayout, 'name' | 'repeat'> {
  readonly columns: readonly { readonly type: string }[]
}

/** The rows of some records, by table. */
export interface Rows {
  of(table: RowTable): TableBuffer
}

/** Writes one interview as rows of its tables. */
export type WriteRows = (meta: RowMeta, rows: Rows) => void

export function writeAnswers(answers: Answers, layouts: readonly TableLayout[]): WriteRows {
  return (meta, rows) => {
    for (const layout of layouts) {
      const members = layout.repeat === undefined ? [answers] : answers[layout.repeat]
      if (layout.repeat !== undefined && !isRows(members as Answers[string])) continue
      for (const [place, member] of (members as readonly (Answers | Row)[]).entries())
        writeRow(layout, rows, meta, layout.repeat === undefined ? null : (member as Row)._id, place, (name) => member[name] as Answer)
    }
  }
}

function writeRow(
  layout: TableLayout,
  rows: Rows,
  meta: RowMeta,
  rowId: string | null,
  place: number,
  answerTo: (name: string) => Answer | undefined,
): void {
  const buffer = rows.of(layout)
  const row = buffer.open()
  for (const [at, column] of layout.columns.entries()) {
    // A column of another version of the questionnaire has no question here.
    if (column.holds === 'meta') buffer.set(row, at, metaOf(column.name, meta, rowId, place))
    else if (column.question) buffer.set(row, at, cellOf(column, answerTo(column.question.name)))
  }
  buffer.close()
}

/** Where the answers of one level go, worked out once. */
export interface SlotColumns {
  readonly layout: TableLayout
  readonly level: Level
  readonly meta: readonly { readonly at: number; readonly name: string }[]
  /** By the slot's index; undefined for slots without a column. */
  readonly targets: readonly (Target | undefined)[]
}

/** The columns of one slot: its answer in one of three ways, and its missing code. -1 where there is none. */
interface Target {
  readonly text: number
  readonly integer: number
  readonly other: number
  readonly otherColumn: TableColumn | null
  readonly missing: number
}

const noColumn: Target = { text: -1, integer: -1, other: -1, otherColumn: null, missing: -1 }

export function slotColumns(levels: readonly Level[], layouts: readonly TableLayout[]): readonly SlotColumns[] {
  return layouts.flatMap((layout) => {
    const level = levels.find(({ repeat }) => repeat === layout.repeat)
    if (level === undefined) return []
    const targets: (Target | undefined)[] = []
    for (const [at, column] of layout.columns.entries()) {
      const slot = column.question && level.byName.get(column.question.name)
      if (slot && column.holds !== 'meta') targets[slot.index] = { ...(targets[slot.index] ?? noColumn), ...targetOf(column, at) }
    }
    const meta = layout.columns.flatMap(({ holds, name }, at) => (holds === 'meta' ? [{ at, name }] : []))
    return [{ layout, level, meta, targets }]
  })
}

function targetOf(column: TableColumn, at: number): Partial<Target> {
  if (column.holds === 'missing') return { missing: at }
  if (column.type === 'VARCHAR') return { text: at }
  return column.type === 'INTEGER' ? { integer: at } : { other: at, otherColumn: column }
}

/** As `writeAnswers`, for the household that the compiled rules hold. */
export function writeSlots(tables: readonly SlotColumns[]): WriteRows {
  return (meta, rows) => {
    for (const table of tables) {
      const { layout, level } = table
      const places = level.repeat === undefined ? 1 : level.ids.length
      if (places === 0) continue
      const buffer = rows.of(layout)
      for (let place = 0; place < places; place++) {
        const row = buffer.open()
        for (const { at, name } of table.meta) buffer.set(row, at, metaOf(name, meta, level.ids[place] ?? null, place))
        const { slots, count } = level.given[place] as Given
        for (let each = 0; each < count; each++) writeSlot(table.targets, buffer.columns, slots[each] as Slot, place, row)
        for (const slot of level.calculated) writeSlot(table.targets, buffer.columns, slot, place, row)
        buffer.close()
      }
    }
  }
}

function writeSlot(targets: SlotColumns['targets'], columns: readonly ColumnBuffer[], slot: Slot, place: number, row: number): void {
  const answer = slot.raw[place]
  const target = targets[slot.index]
  if (answer === undefined || target === undefined) return
  if (target.text >= 0) {
    if (answer !== '') (columns[target.text] as TextColumn).setText(row, typeof answer === 'string' ? answer : textOf(answer))
  } else if (target.integer >= 0) {
    const number = integerOf(answer)
    if (number !== null) (columns[target.integer] as NumberColumn).setNumber(row, number)
  } else if (target.otherColumn !== null) columns[target.other]?.set(row, cellOf(target.otherColumn, answer))
  if (target.missing < 0) return
  const code = missingCode(answer)
  if (code !== null) (columns[target.missing] as NumberColumn).setNumber(row, code)
}

function metaOf(name: string, meta: RowMeta, rowId: string | null, place: number): Cell {
  if (name === 'person_key') return rowId === null ? null : meta.person(rowId)
  if (name === 'row_position') return place
  const value = meta[name as keyof RowMeta]
  return typeof value === 'string' ? value : null
}

/** The cell of one of the columns of a question. */
export const cellOf = ({ type, holds }: TableColumn, answer: Answer | undefined): Cell =>
  holds === 'missing' ? missingCode(answer) : valueOf(answer, type)

/** 98 don't know, 99 prefer not to say; numbers hold them negative. */
function missingCode(answer: Answer | undefined): number | null {
  if (answer === '98' || answer === -98) return 98
  return answer === '99' || answer === -99 ? 99 : null
}

/** A held record may hold anything under a name: what does not fit its column is left out, not forced. */
function valueOf(answer: Answer | undefined, type: ColumnType): Cell {
  if (answer === undefined || answer === '') return null
  switch (type) {
    case 'INTEGER':
      return integerOf(answer)
    case 'DOUBLE': {
      const number = Number(answer)
      return Number.isFinite(number) && number !== -98 && number !== -99 ? number : null
    }
    case 'DATE':
      // That there is such a day the column itself looks up.
      return typeof answer === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(answer) ? answer : null
    case 'VARCHAR[]':
      return Array.isArray(answer) ? answer.map(String) : [String(answer)]
    case 'VARCHAR':
      return textOf(answer)
    default:
      return null
  }
}

const textOf = (answer: Answer): string => (Array.isArray(answer) ? answer.join(' ') : String(answer))

function integerOf(answer: Answer): number | null {
  if (answer === '') return null
  const number = Number(answer)
  return Number.isInteger(number) && Math.abs(number) <= 2_147_483_647 && number !== -98 && number !== -99 ? number : null
}
