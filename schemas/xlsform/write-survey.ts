import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import writeExcel from 'write-excel-file/node'
import type { Questionnaire } from '../questionnaire.ts'
import { sheetCsv, writeSheets } from './write.ts'

/** Writes a questionnaire as an .xlsx workbook, or as a folder of CSV sheets when the path has no such ending. Returns the files. */
export async function writeSurvey(questionnaire: Questionnaire, path: string): Promise<readonly string[]> {
  const sheets = writeSheets(questionnaire)
  if (extname(path).toLowerCase() === '.xlsx') {
    // Every cell is text: a spreadsheet program must not turn the code 01 into 1.
    const written = sheets.map(({ name, header, rows }) => ({
      sheet: name,
      data: [header, ...rows].map((row) => row.map((value) => (value === '' ? null : { value, type: String }))),
      stickyRowsCount: 1,
    }))
    await writeExcel(written).toFile(path)
    return [path]
  }
  await mkdir(path, { recursive: true })
  const files = sheets.map((sheet) => ({ file: join(path, `${sheet.name}.csv`), content: sheetCsv(sheet) }))
  for (const { file, content } of files) await writeFile(file, content)
  return files.map(({ file }) => file)
}
