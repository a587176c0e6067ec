import type { Choice, ChoiceList } from '../questionnaire.ts'
import { yesNo } from './cells.ts'
import { columnsOf, RowReader } from './columns.ts'
import { type Compilation, textsOf } from './compilation.ts'
import type { Sheet } from './workbook.ts'

const known = new Set(['list_name', 'name', 'label', 'image', 'audio', 'video', 'big-image', 'exclusive'])

interface OpenList {
  readonly choices: Choice[]
  readonly exclusive: string[]
  readonly names: Set<string>
}

/** Compiles the choices sheet: every list with its choices, in the order of the sheet. */
export function compileChoices(compilation: Compilation, sheet: Sheet | undefined): void {
  if (sheet === undefined) return
  const columns = columnsOf(sheet, known)
  const lists = new Map<string, OpenList>()
  for (const source of sheet.rows) {
    const row = new RowReader(sheet, columns, source)
    const listName = row.cell('list_name')
    if (listName === '') {
      compilation.findings.error(row.spot('list_name'), 'This choice belongs to no list. Write the name of its list here.')
      continue
    }
    const list = lists.get(listName) ?? { choices: [], exclusive: [], names: new Set() }
    lists.set(listName, list)
    addChoice(compilation, row, list)
  }
  for (const [name, list] of lists) compilation.lists.set(name, closed(list))
}

/** Compiles a CSV file that a select_one_from_file names; `parameters` may name its columns: value=code label=title. */
export function compileListFile(compilation: Compilation, file: Sheet, valueColumn: string, labelColumn: string): ChoiceList {
  const renamed: Sheet = { ...file, header: file.header.map((header) => renameHeader(header, valueColumn, labelColumn)) }
  const columns = columnsOf(renamed, known)
  const list: OpenList = { choices: [], exclusive: [], names: new Set() }
  for (const source of file.rows) addChoice(compilation, new RowReader(renamed, columns, source), list)
  return closed(list)
}

/** Compiles a CSV file that pulldata looks up: any column may be the key, so all are kept, and the row has the code of its first cell. */
export function compileTable({ defaultLanguage }: Compilation, file: Sheet): ChoiceList {
  const choices = file.rows.map(({ cells }) => {
    const columns = Object.fromEntries(
      file.header.map((header, index) => [header, cells[index] ?? ''] as const).filter(([header, cell]) => header !== '' && cell !== ''),
    )
    const name = columns['name'] ?? cells[0] ?? ''
    return { name, label: { [defaultLanguage]: columns['label'] ?? name }, columns }
  })
  return { choices }
}

function renameHeader(header: string, valueColumn: string, labelColumn: string): string {
  if (header === valueColumn) return 'name'
  if (header === labelColumn) return 'label'
  return header.startsWith(`${labelColumn}::`) ? `label${header.slice(labelColumn.length)}` : header
}

function addChoice(compilation: Compilation, row: RowReader, list: OpenList): void {
  const { findings } = compilation
  const name = row.cell('name')
  if (name === '') return findings.error(row.spot('name'), 'This choice has no code. Write one in the name column, for example 1.')
  if (/\s/.test(name)) {
    return findings.error(
      row.spot('name'),
      `The code "${name}" has a space in it. Write it without, for example ${name.replace(/\s+/g, '_')}.`,
    )
  }
  if (list.names.has(name))
    return findings.error(row.spot('name'), `The code "${name}" stands twice in this list. Give each choice its own code.`)
  const label = textsOf(compilation, row, 'label')
  if (label === undefined)
    findings.warn(row.spot('label'), `The choice "${name}" has no label. Its code will be shown; write what people should read.`)
  list.names.add(name)
  const exclusive = yesNo(row.cell('exclusive'))
  if (exclusive === undefined)
    findings.error(row.spot('exclusive'), 'Write 1 when this choice cannot be picked together with another, else leave it empty.')
  if (exclusive === true) list.exclusive.push(name)
  const image = textsOf(compilation, row, 'image')
  const audio = textsOf(compilation, row, 'audio')
  ignoreFilms(compilation, row)
  const columns = row.free()
  list.choices.push({
    name,
    label: label ?? { [compilation.defaultLanguage]: name },
    ...(image === undefined && audio === undefined ? {} : { media: { ...(image && { image }), ...(audio && { audio }) } }),
    ...(Object.keys(columns).length === 0 ? {} : { columns }),
  })
}

function ignoreFilms(compilation: Compilation, row: RowReader): void {
  for (const name of ['video', 'big-image']) {
    for (const { column } of row.translations(name)) {
      compilation.findings.ignore(
        { ...row.spot(name), column: column.header },
        'Films and large pictures are not shown; give an image or audio.',
      )
    }
  }
}

function closed(list: OpenList): ChoiceList {
  return { choices: list.choices, ...(list.exclusive.length === 0 ? {} : { exclusive: list.exclusive }) }
}
