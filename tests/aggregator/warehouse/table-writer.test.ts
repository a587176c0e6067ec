import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell } from '../../../aggregator/warehouse/filling-column.ts'
import { TableBuffer } from '../../../aggregator/warehouse/table-buffer.ts'
import { appendChunks, appendRows, prepareAppends } from '../../../aggregator/warehouse/table-writer.ts'

const types = ['VARCHAR', 'VARCHAR[]', 'UUID', 'DATE', 'INTEGER', 'DOUBLE', 'UTINYINT', 'BOOLEAN', 'BIGINT'] as const

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  prepareAppends(connection)
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const fresh = async () => {
  await connection.run(`create or replace table t (number integer, ${types.map((type, at) => `c${at} ${type}`).join(', ')})`)
}

/** As SQL reads them back, in the form they were given. */
const stored = async (): Promise<readonly unknown[][]> => {
  const result = await connection.runAndReadAll(
    `select c0, c1, replace(c2::varchar, '-', ''), c3::varchar, c4, c5, c6, c7, c8::varchar from t order by number`,
  )
  return result.getRowsJson()
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'twelve bytes', 'thirteen chars', 'ñandú', '日本語のとても長い文章です', '😀'),
  fc.string({ maxLength: 30 }).filter((each) => !each.includes('\u0000')),
)
const hex = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const day = fc.integer({ min: -40_000, max: 40_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
const cells = fc.tuple(
  ...[
    text,
    fc.array(text, { maxLength: 4 }),
    hex,
    day,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
    fc.integer({ min: 0, max: 255 }),
    fc.boolean(),
    fc.maxSafeInteger().map(String).map(BigInt),
  ].map((arbitrary: fc.Arbitrary<Cell>) => fc.option(arbitrary, { freq: 3, nil: null })),
)
const read = (row: readonly Cell[]) => row.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell))

describe('rows written by column', () => {
  it('are read back by SQL as they were given, over the border of a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 60 }), fc.constantFrom(1, 36, 80), async (some, times) => {
        await fresh()
        const rows = Array.from({ length: times }, () => some).flat()
        await appendRows(
          connection,
          't',
          rows.map((row, number) => [number, ...row]),
        )
        expect(await stored()).toEqual(rows.map(read))
      }),
      { numRuns: 40, seed: 20261128 },
    )
  })

  it('hold long texts whole, more of them than fit into one piece of memory, and the same in neighbouring rows', async () => {
    await fresh()
    const texts = Array.from({ length: 3_000 }, (_, row) => `the ${'é'.repeat(row % 50)} of row ${row >> 1}`)
    await appendRows(
      connection,
      't',
      texts.map((each, row) => [row, each, [each, 'a']]),
    )
    expect((await stored()).map(([one, list]) => [one, list])).toEqual(texts.map((each) => [each, [each, 'a']]))
  })

  it('hold lists with far more items than a chunk has rows', async () => {
    await fresh()
    const list = Array.from({ length: 40_000 }, (_, at) => String(at))
    await appendRows(
      connection,
      't',
      Array.from({ length: 10 }, (_, row) => [row, 'f', list]),
    )
    const result = await connection.runAndReadAll('select distinct len(c1), c1[1], c1[40000] from t')
    expect(result.getRowsJson()).toEqual([['40000', '0', '39999']])
  })

  it('can be stored twice', async () => {
    await fresh()
    const buffer = new TableBuffer(['INTEGER', 'VARCHAR'], 10)
    buffer.add([0, 'longer than twelve bytes'])
    const chunks = buffer.finish()
    await appendChunks(connection, 't', chunks)
    await appendChunks(connection, 't', chunks)
    expect((await stored()).map(([first]) => first)).toEqual(['longer than twelve bytes', 'longer than twelve bytes'])
  })

  it('are NULL where a cell does not fit its column: a date that is none, a list that is none', async () => {
    await fresh()
    await appendRows(connection, 't', [[0, 'a', 'not a list', 'not hex', '2026-13-45', 1, 1, 1, true, 1n]])
    expect(await stored()).toEqual([['a', null, null, null, 1, 1, 1, true, '1']])
  })

  it('are as if it had never been begun where a row was left in the middle', async () => {
    await fresh()
    const buffer = new TableBuffer(['INTEGER', ...types], 10)
    const left = buffer.open()
    buffer.set(left, 0, 9)
    buffer.set(left, 1, 'somebody whose record could not be read')
    buffer.add([0, 'b'])
    const last = buffer.open()
    buffer.set(last, 1, 'another one')
    await appendChunks(connection, 't', buffer.finish())
    expect((await stored()).map(([first]) => first)).toEqual(['b'])
  })

  it('leave a column that the table has got since empty', async () => {
    await fresh()
    const buffer = new TableBuffer(['INTEGER', 'VARCHAR'], 1)
    buffer.add([0, 'c'])
    await appendChunks(connection, 't', buffer.finish())
    expect(await stored()).toEqual([['c', null, null, null, null, null, null, null, null]])
  })

  it('leave their turn to others while thousands are appended', async () => {
    await fresh()
    const buffer = new TableBuffer(['INTEGER', 'VARCHAR'], 2048)
    for (let row = 0; row < 40 * 2048; row++) buffer.add([row, 'd'])
    const chunks = buffer.finish()
    let [turns, runs] = [0, true]
    const count = () => {
      turns++
      if (runs) setImmediate(count)
    }
    setImmediate(count)
    await appendChunks(connection, 't', chunks)
    runs = false
    expect(turns).toBeGreaterThan(chunks.length)
  })

  it('are not there at all where one chunk cannot be read, and the next are', async () => {
    await fresh()
    const buffer = new TableBuffer(['INTEGER'], 1)
    buffer.add([0])
    const tooLarge = { rows: 5000, width: 0, blocks: [], columns: Int32Array.of(), pieces: Int32Array.of() }
    await expect(appendChunks(connection, 't', [...buffer.finish(), tooLarge])).rejects.toThrow()
    await appendRows(connection, 't', [[1, 'e']])
    expect((await stored()).map(([first]) => first)).toEqual(['e'])
  })
})
