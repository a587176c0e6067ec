import { setImmediate as nextTurn } from 'node:timers/promises'
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBTableFunction, type DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Cell, ColumnData } from './column-buffer.ts'
import { quotedIdentifier } from './quoted-identifier.ts'
import { TableBuffer, type TableChunk } from './table-buffer.ts'

export type { Cell } from './column-buffer.ts'

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>

/** What the table function of a connection reads at the moment. */
interface Incoming {
  readonly name: string
  types: readonly DuckDBType[]
  chunks: readonly TableChunk[]
  next: number
}

const incoming = new WeakMap<DuckDBConnection, Incoming>()
let connections = 0

/**
 * Lets rows be appended over this connection; asked once, outside a transaction.
 *
 * Rows are read by `insert into t select * from <table function>`: this thread only copies full columns when DuckDB asks for a chunk, and storing
 * them is done in DuckDB's threads. The appender does it where it is called, and held the event loop for a fifth of a second per batch.
 */
export function prepareAppends(connection: DuckDBConnection): void {
  const source: Incoming = { name: `incoming_rows_${++connections}`, types: [], chunks: [], next: 0 }
  const scan = DuckDBTableFunction.create({
    name: source.name,
    bindFunction: (bind) => source.types.forEach((type, at) => bind.addResultColumn(`c${at}`, type)),
    initFunction: () => void (source.next = 0),
    mainFunction: (_, chunk) => copyChunk(chunk, source.chunks[source.next++], source.types.length),
  })
  connection.registerTableFunction(scan)
  incoming.set(connection, source)
}

/** Appends rows to a table, inside the connection's transaction. */
export async function appendRows(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  await appendRowsOf(connection, table, rows, (row) => [row])
}

/** Items whose rows are made before others get a turn. */
const itemsPerTurn = 200

/** Appends the rows of each item. Thousands of rows are made in pieces, so that who waits for the event loop is not kept waiting. */
export async function appendRowsOf<Item>(
  connection: DuckDBConnection,
  table: string,
  items: readonly Item[],
  rowsOf: (item: Item, index: number) => readonly (readonly Cell[])[],
): Promise<void> {
  let types: readonly DuckDBType[] = []
  let buffer: TableBuffer | null = null
  for (const [index, item] of items.entries()) {
    if (index % itemsPerTurn === itemsPerTurn - 1) await nextTurn()
    for (const row of rowsOf(item, index)) {
      if (buffer === null) {
        types = await typesOf(connection, table)
        buffer = new TableBuffer(types.map(String), items.length)
      }
      buffer.add(row)
    }
  }
  if (buffer !== null) await insert(connection, table, types, buffer.finish())
}

/** Appends chunks to a table, inside the connection's transaction. A column the table has got since is NULL. */
export async function appendChunks(connection: DuckDBConnection, table: string, chunks: readonly TableChunk[]): Promise<void> {
  if (chunks.length > 0) await insert(connection, table, await typesOf(connection, table), chunks)
}

async function insert(
  connection: DuckDBConnection,
  table: string,
  types: readonly DuckDBType[],
  chunks: readonly TableChunk[],
): Promise<void> {
  const source = incoming.get(connection)
  if (!source) throw new TypeError('This connection was not prepared to append rows.')
  source.types = types
  source.chunks = chunks
  try {
    await connection.run(`insert into ${quotedIdentifier(table)} select * from ${source.name}()`)
  } finally {
    source.chunks = []
  }
}

/** The appender knows them without a query. */
async function typesOf(connection: DuckDBConnection, table: string): Promise<readonly DuckDBType[]> {
  const appender = await connection.createAppender(table)
  const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
  appender.closeSync()
  return types
}

/** No chunk: the end. */
function copyChunk(to: DuckDBDataChunk, chunk: TableChunk | undefined, columns: number): void {
  to.rowCount = chunk?.rows ?? 0
  if (chunk) for (let at = 0; at < columns; at++) copyColumn(duckdb.data_chunk_get_vector(to.chunk, at), chunk.columns[at], chunk.rows)
}

// @NOTE copy_data_to_vector trusts its caller: the layout of each type is that of DuckDB 1.5, and a test holds it to what SQL reads back.
function copyColumn(vector: Vector, column: ColumnData | undefined, rows: number): void {
  duckdb.vector_ensure_validity_writable(vector)
  const validity = column?.validity ?? new ArrayBuffer(Math.ceil(rows / 64) * 8)
  duckdb.copy_data_to_vector_validity(vector, 0, validity, 0, Math.ceil(rows / 64) * 8)
  if (!column?.values) return
  duckdb.copy_data_to_vector(vector, 0, column.values, 0, rows * column.bytesPerRow)
  for (const [at, text] of column.longTexts.entries()) duckdb.vector_assign_string_element(vector, column.longRows[at] ?? 0, text)
  if (!column.items) return
  duckdb.list_vector_reserve(vector, column.itemCount)
  duckdb.list_vector_set_size(vector, column.itemCount)
  if (column.itemCount > 0) copyColumn(duckdb.list_vector_get_child(vector), column.items, column.itemCount)
}
