import type { Sheet, SheetRow, Spot } from './workbook.ts'

/** A header, understood: `label::English (en)` is the column `label` in the language `English (en)`. */
export interface Column {
  readonly header: string
  readonly index: number
  /** Canonical name: type, name, label, relevant, …, `tala::sensitivity`, or '' when nothing here knows it. */
  readonly name: string
  readonly language?: string
}

// What authors, Kobo, pyxform and older forms write for the same column.
const aliases: Readonly<Record<string, string>> = {
  caption: 'label',
  relevance: 'relevant',
  relevants: 'relevant',
  skip: 'relevant',
  'bind::relevant': 'relevant',
  'bind::required': 'required',
  'bind::constraint': 'constraint',
  'bind::calculate': 'calculation',
  'bind::readonly': 'read_only',
  'bind::jr:constraintmsg': 'constraint_message',
  'bind::jr:requiredmsg': 'required_message',
  constraining_message: 'constraint_message',
  constraint_msg: 'constraint_message',
  required_msg: 'required_message',
  calculate: 'calculation',
  readonly: 'read_only',
  'control::appearance': 'appearance',
  'body::appearance': 'appearance',
  'control::jr:count': 'repeat_count',
  'jr:count': 'repeat_count',
  count: 'repeat_count',
  'media::image': 'image',
  'media::audio': 'audio',
  'media::video': 'video',
  'media::big-image': 'big-image',
  list: 'list_name',
  value: 'name',
  set_form_title: 'form_title',
  title: 'form_title',
  set_form_id: 'form_id',
  id_string: 'form_id',
  form_version: 'version',
}

const translated = new Set([
  'label',
  'hint',
  'guidance_hint',
  'constraint_message',
  'required_message',
  'image',
  'audio',
  'video',
  'big-image',
])

/** Understands every header of a sheet. Headers that are empty are left out; `known` decides what keeps its name. */
export function columnsOf(sheet: Sheet, known: ReadonlySet<string>): readonly Column[] {
  return sheet.header.flatMap((header, index) => (header === '' ? [] : [columnOf(header, index, known)]))
}

function columnOf(header: string, index: number, known: ReadonlySet<string>): Column {
  const plain = canonical(header)
  if (known.has(plain)) return { header, index, name: plain }
  // `label::English (en)`, the older `label:English`, and `media::image::English (en)`.
  const parts = /^(.+?)(::?)((?:(?!::).)+)$/.exec(header)
  const base = parts?.[1] === undefined ? '' : canonical(parts[1])
  if (parts?.[3] !== undefined && translated.has(base) && known.has(base)) return { header, index, name: base, language: parts[3].trim() }
  return { header, index, name: '' }
}

function canonical(header: string): string {
  const spaced = header
    .trim()
    .toLowerCase()
    .replace(/\s*::\s*/g, '::')
    .replace(/\s+/g, '_')
    .replace(/^media:(?!:)/, 'media::')
    .replace(/^bind:(?!:)/, 'bind::')
  return aliases[spaced] ?? spaced
}

/** One row of a sheet, read by canonical column names. */
export class RowReader {
  private readonly byName = new Map<string, Column>()
  constructor(
    readonly sheet: Sheet,
    readonly columns: readonly Column[],
    readonly source: SheetRow,
  ) {
    for (const column of columns) {
      if (column.name !== '' && column.language === undefined && !this.byName.has(column.name)) this.byName.set(column.name, column)
    }
  }

  /** The cell of a column, '' when empty or when there is no such column. */
  cell(name: string): string {
    const column = this.byName.get(name)
    return column === undefined ? '' : (this.source.cells[column.index] ?? '')
  }

  /** Where a cell stands, by the header its author wrote. */
  spot(name: string): Spot {
    const column = this.byName.get(name) ?? this.columns.find((each) => each.name === name)
    return { sheet: this.sheet.name, row: this.source.row, column: column?.header ?? name }
  }

  /** Every language's cell of a translated column; key '' is the column without a language. */
  translations(name: string): readonly { readonly language: string; readonly text: string; readonly column: Column }[] {
    return this.columns
      .filter((column) => column.name === name)
      .map((column) => ({ language: column.language ?? '', text: this.source.cells[column.index] ?? '', column }))
      .filter(({ text }) => text !== '')
  }

  /** Cells of columns that have no canonical name, by header. */
  free(): Readonly<Record<string, string>> {
    const cells = this.columns
      .filter((column) => column.name === '')
      .map((column) => [column.header, this.source.cells[column.index] ?? ''] as const)
      .filter(([, text]) => text !== '')
    return Object.fromEntries(cells)
  }
}
