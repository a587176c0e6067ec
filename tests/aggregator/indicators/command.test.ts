import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerIndicatorCommands } from '../../../aggregator/indicators/command.ts'
import type { Item } from '../../../schemas/questionnaire.ts'
import type { IndicatorOffice } from '../../../aggregator/indicators/command-office.ts'
import { tableLines } from '../../support/table-lines.ts'
import { addHomes, householdQuestionnaire, openVillage, round } from './village.ts'

let folder: string
let office: IndicatorOffice
const audited: object[] = []
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
    audit: {
      append: async (event) => {
        audited.push(event)
        return { schema: 'audit/1', seq: 1, at: '', previous: '', hash: '', ...event }
      },
    },
    round: async (id) => (id === '2023-1' ? { ...round, id } : round),
    design: async () => null,
    questionnaire: householdQuestionnaire,
    published: async () => ({ firstDay: null, tables: [] }),
    close: async () => close(),
  }
})
afterEach(() => rm(folder, { recursive: true }))

const run = async (...words: string[]) => {
  const program = new Command().exitOverride()
  registerIndicatorCommands(program, async () => office)
  await program.parseAsync(['node', 'tala', ...words])
}

describe('tala table over rounds and of samples', () => {
  const json = async (...words: string[]) => {
    const out = join(folder, 'out.json')
    await run(...words, '--format', 'json', '--out', out)
    const text = await readFile(out, 'utf8')
    return words[0] === 'table' ? tableLines(text) : (JSON.parse(text) as readonly Record<string, unknown>[])
  }
  const anEarlierRound = () =>
    office.warehouse.read(async (connection) => {
      await addHomes(connection, [{ area: 'P1A1', people: [{ B06: '1', B03: 'F', age: 9, E02: '0' }] }], 50)
      await connection.run("UPDATE household SET round = '2023-1' WHERE record_id = 'r:50'")
      await connection.run("UPDATE household_person SET round = '2023-1' WHERE record_id = 'r:50'")
    })

  it('puts an earlier round beside it, with the change', async () => {
    await anEarlierRound()
    const [total, women] = await json('table', '--indicator', 'EDU01', '--by', 'sex', '--before', '2023-1')
    expect(total).toMatchObject({
      ROUND_BEFORE: '2023-1',
      ROUND: '2026-1',
      SEX: '_T',
      earlier: 100,
      status: 'A',
      MARKING: 'not for release',
    })
    expect(women).toMatchObject({ SEX: 'F', earlier: 100, later: 50, change: -50, standardError: null })
  })

  it('marks a change D while the two rounds follow different rules, and no longer once the earlier one was computed again', async () => {
    await anEarlierRound()
    const survey = await householdQuestionnaire()
    const another = (items: readonly Item[]): readonly Item[] =>
      items.map((item) => {
        if (item.kind !== 'question') return { ...item, items: another(item.items) }
        return item.name === 'returnee_5y' ? { ...item, calculation: 0 } : item
      })
    const opened = office
    const asVersion: IndicatorOffice['questionnaire'] = async ({ version }) =>
      version === '2' ? { ...survey, items: another(survey.items) } : survey
    office = { ...office, questionnaire: asVersion, close: async () => undefined }
    const follow = (id: string) =>
      office.warehouse.read((connection) => connection.run(`INSERT INTO derivation VALUES ('${id}', 'household', '1', '2')`))
    const statuses = async (by: string) =>
      new Set((await json('table', '--indicator', 'EDU01', '--by', by, '--before', '2023-1')).map(({ status }) => status))
    await follow('2026-1')
    expect(await statuses('status')).toEqual(new Set(['D']))
    expect(await statuses('sex')).toEqual(new Set(['A']))
    await follow('2023-1')
    expect(await statuses('status')).toEqual(new Set(['A']))
    await opened.close()
  })

  it('bridges areas that were joined in between', async () => {
    await anEarlierRound()
    const bridge = join(folder, 'bridge.csv')
    await writeFile(bridge, 'from,to,source\nP1A1,P1B1,an act\n')
    const records = await json('table', '--indicator', 'EDU01', '--by', 'area', '--before', '2023-1', '--bridge', bridge)
    expect(records.find(({ REF_AREA }) => REF_AREA === 'P1B1')).toMatchObject({ earlier: 100, later: 100, change: 0 })
  })

  it('weighs by the design of the round, without being told', async () => {
    const drawn = [
      { area: 'P1A1', stratum: 's', cluster: '1', weight: 10 },
      { area: 'P1B1', stratum: 's', cluster: '2', weight: 30 },
    ]
    office = {
      ...office,
      design: async (id) => ({ schema: 'sample-design/1', round: id, kind: 'sample', areas: drawn, strata: [], nonresponse: 'none' }),
    }
    const [total] = await json('table', '--indicator', 'EDU01', '--by', '')
    expect(total).toMatchObject({ numerator: 40, denominator: 50, value: 80 })
    expect(total?.['standardError']).toBeGreaterThan(0)
  })

  it('weighs a sample and gives the error of each figure', async () => {
    const design = join(folder, 'design.csv')
    await writeFile(design, 'area,stratum,cluster,weight\nP1A1,s,1,10\nP1B1,s,2,30\n')
    const [total] = await json('table', '--indicator', 'EDU01', '--by', '', '--design', design)
    expect(total).toMatchObject({ respondents: 3, numerator: 40, denominator: 50, value: 80, status: 'U' })
    expect(total?.['standardError']).toBeGreaterThan(0)
  })

  it('tells what does not fit in the areas', async () => {
    const control = join(folder, 'control.csv')
    await writeFile(control, 'area,homes\nP1A1,3\n')
    expect(await json('indicators', 'areas', '--control', control)).toEqual([
      { area: 'P1A1', kind: 'total-differs', expected: 3, found: 1 },
    ])
  })

  it('tells where people went', async () => {
    await office.warehouse.read((connection) => addHomes(connection, [{ area: 'P1A1', people: [{ B06: '3', B12: 'SAU' }] }], 60))
    expect(await json('indicators', 'corridors')).toContainEqual({
      ROUND: '2026-1',
      direction: 'out',
      origin: 'P1A1',
      destination: 'SAU',
      people: 1,
      women: 0,
      MARKING: 'not for release',
    })
  })

  it('follows linked people, and the audit chain knows it', async () => {
    const link = 'CREATE TABLE link_token (record_id VARCHAR, person_key UUID, token UUID)'
    const ledger = 'CREATE TABLE ledger (record_id VARCHAR, round VARCHAR, consent_linking BOOLEAN)'
    await office.warehouse.read((connection) => connection.run(`${link}; ${ledger}`))
    const [panel] = await json('indicators', 'panel', '--indicator', 'EDU01', '--before', '2023-1')
    expect(panel).toMatchObject({ ROUND_BEFORE: '2023-1', ROUND: '2026-1', linked: 0, change: null, MARKING: 'not for release' })
    expect(audited.splice(0)).toEqual([
      { actor: 'statistician', action: 'panel.linked', subject: 'rounds:2023-1..2026-1', facts: { indicator: 'EDU01', links: 0 } },
    ])
  })
})

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
    const records = tableLines(await readFile(out, 'utf8'))
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
    const [first] = tableLines(await readFile(out, 'utf8'))
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
