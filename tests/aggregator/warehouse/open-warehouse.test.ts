import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { appendRows } from '../../../aggregator/warehouse/table-writer.ts'
import type { Warehouse } from '../../../aggregator/warehouse/warehouse.ts'
import { homeSurvey, versionOf } from '../ingest/home-survey.ts'

let folder = ''
let warehouse: Warehouse
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-warehouse-'))
  warehouse = await openWarehouse(join(folder, 'tala.duckdb'))
})
afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (sql: string) => warehouse.read(async (connection) => (await connection.runAndReadAll(sql)).getRowsJson())
const tombstone = (mark: string) => warehouse.write((connection) => appendRows(connection, 'tombstone', [[mark]]))

describe('the warehouse', () => {
  it.each([
    ['read a file of the machine', `select * from read_csv('/etc/passwd')`],
    ['write outside its export folder', `copy (select 1) to '/tmp/tala-escape.csv'`],
    ['open another database', `attach '/tmp/tala-other.duckdb' as other`],
    ['load an extension', 'load httpfs'],
    ['be unlocked again', 'set enable_external_access = true'],
  ])('cannot %s', async (_, sql) => {
    await expect(run(sql)).rejects.toThrow()
  })

  it('writes exports into its folder', async () => {
    const path = join(warehouse.exportFolder, 'one.csv')
    await run(`copy (select 1 as one) to '${path}'`)
    expect(readFileSync(path, 'utf8')).toBe('one\n1\n')
  })

  it('does all of a transaction or nothing', async () => {
    const failing = warehouse.write(async (connection) => {
      await appendRows(connection, 'tombstone', [['half']])
      throw new Error('stopped in the middle')
    })
    await expect(failing).rejects.toThrow('stopped in the middle')
    expect(await run('select * from tombstone')).toEqual([])
  })

  it('lets readers see only what is committed', async () => {
    await warehouse.write(async (connection) => {
      await appendRows(connection, 'tombstone', [['open']])
      expect(await run('select * from tombstone')).toEqual([])
    })
    expect(await run('select * from tombstone')).toEqual([['open']])
  })

  it('keeps what was committed when it is opened again', async () => {
    await tombstone('kept')
    await warehouse.close()
    warehouse = await openWarehouse(join(folder, 'tala.duckdb'))
    expect(await run('select * from tombstone')).toEqual([['kept']])
  })

  it('serves more readers than it has connections', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, each) => run(`select ${each}`)))
    expect(answers).toEqual(Array.from({ length: 40 }, (_, each) => [[each]]))
  })

  it('leaves nothing of deleted rows on the disk after a rewrite, and keeps the rest', async () => {
    const planted = 'planted-value-that-must-not-survive'
    await tombstone(planted)
    await tombstone('kept')
    await warehouse.checkpoint()
    const path = join(folder, 'tala.duckdb')
    expect(readFileSync(path).includes(planted)).toBe(true)
    await warehouse.write(async (connection) => void (await connection.run('delete from tombstone where mark = $planted', { planted })))
    await warehouse.checkpoint()
    await warehouse.rewrite()
    expect(readFileSync(path).includes(planted)).toBe(false)
    expect(existsSync(`${path}.wal`)).toBe(false)
    await tombstone('after')
    expect(await run('select * from tombstone order by all')).toEqual([['after'], ['kept']])
  })

  it('clears away what a killed process left in the middle of a copy', async () => {
    await warehouse.close()
    const left = ['rewrite.duckdb', 'copy.duckdb', join('spill', 'part.tmp')].map((name) => join(folder, 'tala.duckdb-exports', name))
    mkdirSync(join(folder, 'tala.duckdb-exports', 'spill'))
    for (const path of left) writeFileSync(path, 'rows')
    warehouse = await openWarehouse(join(folder, 'tala.duckdb'))
    expect(left.filter((path) => existsSync(path))).toEqual([])
  })

  it('waits with a rewrite until readers have given their connections back', async () => {
    const order: string[] = []
    const reading = warehouse.read(async (connection) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      await connection.run('select 1')
      order.push('read')
    })
    await Promise.all([reading, warehouse.rewrite().then(() => order.push('rewritten'))])
    expect(order).toEqual(['read', 'rewritten'])
  })
})

describe('tables of a questionnaire', () => {
  it('are the household and one per roster, each with a view of what counts', async () => {
    const layouts = await warehouse.prepare(homeSurvey)
    expect(layouts.map(({ name }) => name)).toEqual(['home', 'home_person'])
    expect(await run('select view_name from duckdb_views() where not internal order by 1')).toEqual([
      ['current_home'],
      ['current_home_person'],
      ['shareable_home'],
      ['shareable_home_person'],
    ])
  })

  it('are the same when prepared again', async () => {
    expect(await warehouse.prepare(homeSurvey)).toEqual(await warehouse.prepare(homeSurvey))
  })

  it('get a column for a question that a later version adds, and keep those it drops', async () => {
    await warehouse.prepare(homeSurvey)
    const items = homeSurvey.items.filter((item) => item.name !== 'Q01')
    const added = { kind: 'question', name: 'N01', type: 'integer', sensitivity: 'ordinary' } as const
    const [layout] = await warehouse.prepare(versionOf({ ...homeSurvey, version: '2', items: [...items, added] }))
    expect(layout?.columns.slice(-3).map(({ name, question }) => [name, question?.name])).toEqual([
      ['size', 'size'],
      ['Q01', undefined],
      ['N01', 'N01'],
    ])
    expect(await run('select "N01", "Q01" from current_home')).toEqual([])
  })

  it('are not changed by a version that gives a question another type', async () => {
    await warehouse.prepare(homeSurvey)
    const items = homeSurvey.items.map((item) => (item.name === 'Q01' ? { ...item, type: 'integer' as const } : item))
    await expect(warehouse.prepare(versionOf({ ...homeSurvey, version: '2', items }))).rejects.toThrow('Q01')
  })
})
