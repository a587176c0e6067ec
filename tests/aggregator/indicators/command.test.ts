import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type IndicatorOffice, registerIndicatorCommands } from '../../../aggregator/indicators/command.ts'
import { addHomes, householdQuestionnaire, openVillage, round } from './village.ts'

let folder: string
let office: IndicatorOffice
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-command-'))
  const { connection, close } = await openVillage()
  await addHomes(connection, [
    {
      area: 'P1A1',
      people: [
        { B06: '1', B03: 'F', age: 9, E02: '1' },
        { B06: '1', B03: 'M', age: 12, E02: '0' },
      ],
    },
    { area: 'P1B1', people: [{ B06: '1', B03: 'F', age: 10, E02: '0' }] },
  ])
  office = {
    warehouse: { read: (work) => work(connection) },
    round: async () => round,
    questionnaire: householdQuestionnaire,
    close: async () => close(),
  }
})
afterEach(() => rm(folder, { recursive: true }))

const run = async (...words: string[]) => {
  const program = new Command().exitOverride()
  registerIndicatorCommands(program, async () => office)
  await program.parseAsync(['node', 'tala', ...words])
}

describe('tala table', () => {
  it('writes every line with its codes, its figures and its marking', async () => {
    const out = join(folder, 'table.csv')
    await run('table', '--indicator', 'EDU01', '--by', 'sex', '--out', out)
    expect(await readFile(out, 'utf8')).toBe(
      [
        'INDICATOR,VERSION,ROUND,SEX,respondents,withoutAnswer,cases,numerator,denominator,value,MARKING',
        `EDU01,1.0.0,2026-1,_T,3,0,2,2,3,${200 / 3},not for release`,
        'EDU01,1.0.0,2026-1,F,2,0,1,1,2,50,not for release',
        'EDU01,1.0.0,2026-1,M,1,0,1,1,1,100,not for release',
        '',
      ].join('\n'),
    )
  })

  it('keeps to one area when asked to', async () => {
    const out = join(folder, 'table.json')
    await run('table', '--indicator', 'EDU01', '--by', 'sex', '--area', 'P1B', '--format', 'json', '--out', out)
    const records = JSON.parse(await readFile(out, 'utf8')) as readonly Record<string, unknown>[]
    expect(records.map(({ REF_AREA, SEX, value }) => [REF_AREA, SEX, value])).toEqual([
      ['P1B', '_T', 100],
      ['P1B', 'F', 100],
    ])
  })

  it('writes Parquet that another program reads', async () => {
    const out = join(folder, "it's.parquet")
    await run('table', '--indicator', 'EDU01', '--by', 'sex', '--format', 'parquet', '--out', out)
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const rows = (await connection.runAndReadAll(`select "SEX", value from '${out.replaceAll("'", "''")}' where "SEX" = 'F'`)).getRowsJS()
    expect(rows).toEqual([['F', 50]])
    connection.closeSync()
  })

  it('tabulates a foreign survey through its mapping', async () => {
    const out = join(folder, 'foreign.json')
    await run(
      'table',
      '--indicator',
      'LAB01',
      '--by',
      'sex',
      '--mapping',
      'tests/aggregator/indicators/foreign/mapping.json',
      '--format',
      'json',
      '--out',
      out,
    )
    const [first] = JSON.parse(await readFile(out, 'utf8')) as readonly Record<string, unknown>[]
    expect(first).toMatchObject({ ROUND: 'other-2024', SEX: '_T', respondents: 4, value: 50 })
  })

  it.each([
    ['an unknown indicator', ['--indicator', 'XXX99'], 'unknown-table'],
    ['a dimension the indicator does not have', ['--indicator', 'EDU01', '--by', 'corridor'], 'invalid-request'],
    ['an unknown area', ['--indicator', 'EDU01', '--area', 'Q9'], 'area-unknown'],
    ['another round', ['--indicator', 'EDU01', '--round', '1999-1'], 'unknown-round'],
    ['Parquet without a file', ['--indicator', 'EDU01', '--format', 'parquet'], 'invalid-request'],
  ])('says what is wrong with %s', async (_, words, type) => {
    await expect(run('table', ...words)).rejects.toMatchObject({ type })
  })
})
