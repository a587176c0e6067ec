import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeExcel from 'write-excel-file/node'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readCsv, readSurvey, readWorkbook, UnreadableSurveyError } from '../../../schemas/xlsform/read.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-read-'))
})
afterAll(() => rm(folder, { recursive: true }))

const workbookOf = (rows: readonly (readonly (string | number | boolean | Date | null)[])[]): Promise<Buffer> =>
  writeExcel([
    { sheet: 'Survey', data: rows.map((row) => row.map((value) => (value instanceof Date ? { value, format: 'yyyy-mm-dd' } : value))) },
  ]).toBuffer()

describe('an Excel workbook', () => {
  it('gives texts, whatever the spreadsheet program made of the cells', async () => {
    const { sheets } = await readWorkbook(
      await workbookOf([
        ['type', 'relevant'],
        [' text ', false],
        [null, 7],
        [new Date('2026-01-02T00:00:00Z'), 'x'],
      ]),
    )
    expect(sheets).toEqual([
      {
        name: 'survey',
        header: ['type', 'relevant'],
        rows: [
          { row: 2, cells: ['text', 'false'] },
          { row: 3, cells: ['', '7'] },
          { row: 4, cells: ['2026-01-02', 'x'] },
        ],
      },
    ])
  })

  it('keeps the row numbers of the author when rows are empty', async () => {
    const { sheets } = await readWorkbook(await workbookOf([['type'], [null], ['text']]))
    expect(sheets[0]?.rows).toEqual([{ row: 3, cells: ['text'] }])
  })

  it('is refused when it would unpack to more than a phone form can be', async () => {
    const bomb = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(101_000_000) }))
    expect(bomb.length).toBeLessThan(200_000)
    await expect(readWorkbook(bomb)).rejects.toThrow('unpacks to more than 100 MB')
  })

  it('is refused in plain words when it is something else, whatever the bytes', async () => {
    const real = await workbookOf([
      ['type', 'name', 'label'],
      ['text', 'a', 'A?'],
    ])
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), cutFrom(real)), async (bytes) => {
        await readWorkbook(Buffer.from(bytes)).then(
          (workbook) => expect(compileQuestionnaire(workbook).problems).toBeDefined(),
          (error: unknown) => expect(error).toBeInstanceOf(UnreadableSurveyError),
        )
      }),
      { numRuns: 100, seed: 5 },
    )
  })
})

/** A real workbook with bytes changed or cut away. */
const cutFrom = (real: Buffer): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.nat(real.length - 1), fc.nat(255), fc.nat(40)).map(([at, byte, cut]) => {
    const bytes = Uint8Array.from(real)
    bytes[at] = byte
    return bytes.subarray(0, bytes.length - (cut > 30 ? cut : 0))
  })

describe('CSV sheets', () => {
  it('may begin with a byte order mark, have quoted line breaks and rows of unequal length', () => {
    expect(readCsv('survey', '\ufefftype,name,label\ntext,a,"Two\nlines, quoted ""so"""\nnote,b\n')).toEqual({
      name: 'survey',
      header: ['type', 'name', 'label'],
      rows: [
        { row: 2, cells: ['text', 'a', 'Two\nlines, quoted "so"'] },
        { row: 3, cells: ['note', 'b'] },
      ],
    })
  })

  it('are refused in plain words when they are something else', () => {
    expect(() => readCsv('survey', 'a,"b\nc')).toThrow(UnreadableSurveyError)
    expect(() => readCsv('survey', Array.from({ length: 5002 }, () => 'a').join('\n'))).toThrow('at most 5000')
    expect(() => readCsv('survey', 'x,'.repeat(600))).toThrow('at most 500')
    expect(() => readCsv('survey', 'x'.repeat(5_000_001))).toThrow('larger than 5 MB')
  })

  it('are found in a folder, and by the name of one of them', async () => {
    const survey = join(folder, 'one')
    await mkdir(survey)
    await writeFile(join(survey, 'survey.csv'), 'type,name,label\ntext,a,A?\n')
    await writeFile(join(survey, 'towns.csv'), 'name,label\n1,Abra\n')
    expect(await readSurvey(join(survey, 'survey.csv'))).toEqual(await readSurvey(survey))
    expect(Object.keys((await readSurvey(survey)).files)).toEqual(['towns.csv'])
    await expect(readSurvey(folder)).rejects.toThrow('has no survey.csv')
  })
})
