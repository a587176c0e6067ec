import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import readExcel from 'read-excel-file/node'
import type { Sheet, Workbook } from './workbook.ts'
import { unpackedSize } from './zip-size.ts'

// Some real workbooks declare a million rows; a survey has hundreds.
const maximumBytes = 5_000_000
const maximumUnpackedBytes = 100_000_000
const maximumRows = 5_000
const maximumColumns = 500

/** The file is not a survey that can be read at all. The message says what to give instead. */
export class UnreadableSurveyError extends Error {
  override name = 'UnreadableSurveyError'
}

/**
 * Reads a survey from a folder of CSV sheets (survey.csv, choices.csv, settings.csv), from one of these files, or from an .xlsx workbook.
 * @throws UnreadableSurveyError when nothing can be read.
 */
export async function readSurvey(path: string): Promise<Workbook> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined)
    throw new UnreadableSurveyError(`There is no file or folder ${path}. Give an .xlsx file or a folder with survey.csv.`)
  if (found.isDirectory()) return readFolder(path)
  if (extname(path).toLowerCase() === '.csv') return readFolder(dirname(path))
  return readWorkbook(await readFile(path), await filesBeside(dirname(path)))
}

/** Reads the bytes of an .xlsx workbook. `files` are the CSV lists that came with it, by file name. */
export async function readWorkbook(bytes: Buffer, files: Readonly<Record<string, Buffer>> = {}): Promise<Workbook> {
  tooLarge(bytes, 'The workbook')
  const unpacked = unpackedSize(bytes)
  if (unpacked === undefined) throw notExcel()
  // A few kilobytes can unpack to gigabytes.
  if (unpacked > maximumUnpackedBytes)
    throw new UnreadableSurveyError('The workbook unpacks to more than 100 MB. Remove pictures, unused sheets and empty formatted rows.')
  let sheets: readonly { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[]
  try {
    sheets = await readExcel(bytes)
  } catch (cause) {
    throw new UnreadableSurveyError('This is not an .xlsx workbook. Save it as "Excel workbook (.xlsx)", or give the sheets as CSV.', {
      cause,
    })
  }
  return {
    sheets: sheets.map(({ sheet, data }) =>
      sheetFrom(
        sheet.trim().toLowerCase(),
        data.map((row) => row.map(textOfCell)),
      ),
    ),
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, readCsv(name, content)])),
  }
}

function notExcel(cause?: unknown): UnreadableSurveyError {
  return new UnreadableSurveyError('This is not an .xlsx workbook. Save it as "Excel workbook (.xlsx)", or give the sheets as CSV.', {
    cause,
  })
}

async function readFolder(folder: string): Promise<Workbook> {
  const files = await filesBeside(folder)
  const sheets: Sheet[] = []
  const lists: Record<string, Sheet> = {}
  for (const [name, content] of Object.entries(files)) {
    const stem = basename(name, extname(name)).toLowerCase()
    if (['survey', 'choices', 'settings'].includes(stem)) sheets.push(readCsv(stem, content))
    else lists[name] = readCsv(name, content)
  }
  if (!sheets.some(({ name }) => name === 'survey')) {
    throw new UnreadableSurveyError(
      `The folder ${basename(folder)} has no survey.csv. Put the survey sheet there, with choices.csv and settings.csv beside it.`,
    )
  }
  return { sheets, files: lists }
}

async function filesBeside(folder: string): Promise<Record<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => extname(name).toLowerCase() === '.csv').sort()
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)))
}

/** Reads one CSV sheet: UTF-8, with or without byte order mark; quotes as in RFC 4180. */
export function readCsv(name: string, content: Buffer | string): Sheet {
  tooLarge(content, `The sheet ${name}`)
  try {
    const rows: string[][] = parse(content, { bom: true, relax_column_count: true, skip_empty_lines: false })
    return sheetFrom(name, rows)
  } catch (cause) {
    const where = cause instanceof Error ? ` (${cause.message})` : ''
    throw new UnreadableSurveyError(`The sheet ${name} is not a CSV file${where}. Save it as "CSV UTF-8".`, { cause })
  }
}

function sheetFrom(name: string, rows: readonly (readonly string[])[]): Sheet {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  if (width > maximumColumns) throw new UnreadableSurveyError(`The sheet ${name} has ${width} columns; at most ${maximumColumns} are read.`)
  const header = (rows[0] ?? []).map((cell) => cell.trim())
  const kept = rows
    .slice(1)
    .map((cells, index) => ({ row: index + 2, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (kept.length > maximumRows)
    throw new UnreadableSurveyError(`The sheet ${name} has ${kept.length} rows; at most ${maximumRows} are read.`)
  return { name, header, rows: kept }
}

function tooLarge(content: Buffer | string, what: string): void {
  if (content.length > maximumBytes) throw new UnreadableSurveyError(`${what} is larger than 5 MB. Remove pictures and unused sheets.`)
}

// A spreadsheet program turns `False` in a relevant column into a boolean, and a code into a number.
function textOfCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  if (typeof cell === 'boolean') return cell ? 'true' : 'false'
  return typeof cell === 'string' ? cell : typeof cell === 'number' ? String(cell) : ''
}
