import { setImmediate as nextTurn } from 'node:timers/promises'
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBTableFunction, type DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { Blocks, putBack, type SpareBlocks } from './blocks.ts'
import { type ColumnPlace, nowhere, validityAt, validityBytes } from './column-place.ts'
import type { Cell } from './filling-column.ts'
import { quotedIdentifier } from './quoted-identifier.ts'
import { chunkRows, placeOf, TableBuffer, type TableChunk } from './table-buffer.ts'
import { inPlace } from './text-columns.ts'

export type { Cell } from './filling-column.ts'

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>

/** What the table function of a connection reads at the moment. */
interface Incoming {
  readonly name: string
  types: readonly DuckDBType[]
  chunks: readonly TableChunk[]
  next: number
  /** For rows that are made of objects. */
  readonly spare: SpareBlocks
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
  const source: Incoming = { name: `incoming_rows_${++connections}`, types: [], chunks: [], next: 0, spare: [] }
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
  const source = incomingOf(connection)
  const blocks = new Blocks(source.spare)
  let types: readonly DuckDBType[] = []
  let buffer: TableBuffer | null = null
  for (const [index, item] of items.entries()) {
    if (index % itemsPerTurn === itemsPerTurn - 1) await nextTurn()
    for (const row of rowsOf(item, index)) {
      if (buffer === null) {
        types = await typesOf(connection, table)
        buffer = new TableBuffer(types.map(String), items.length, blocks)
      }
      buffer.add(row)
    }
  }
  if (buffer === null) return
  await insert(connection, table, types, buffer.finish())
  putBack(blocks.all, source.spare)
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
  const source = incomingOf(connection)
  source.types = types
  source.chunks = chunks
  try {
    await connection.run(`insert into ${quotedIdentifier(table)} select * from ${source.name}()`)
  } finally {
    source.chunks = []
  }
}

function incomingOf(connection: DuckDBConnection): Incoming {
  const source = incoming.get(connection)
  if (!source) throw new TypeError('This connection was not prepared to append rows.')
  return source
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
  if (!chunk) return
  for (let at = 0; at < columns; at++) {
    // A column the table has got since is not among those of the chunk.
    const place = at < chunk.width ? placeOf(chunk, at) : nowhere
    copyColumn(duckdb.data_chunk_get_vector(to.chunk, at), chunk, place, chunk.rows)
  }
}

// @NOTE copy_data_to_vector trusts its caller: the layout of each type is that of DuckDB 1.5, and a test holds it to what SQL reads back.
function copyColumn(vector: Vector, chunk: TableChunk, place: ColumnPlace, rows: number): void {
  const { block, at, bytesPerRow, itemCount, items } = place
  duckdb.vector_ensure_validity_writable(vector)
  const memory = chunk.blocks[block]
  if (memory === undefined) {
    duckdb.copy_data_to_vector_validity(vector, 0, noValues, 0, validityBytes(rows))
    return
  }
  duckdb.copy_data_to_vector_validity(vector, 0, copyOf(memory, at + validityAt(place), validityBytes(rows)), 0, validityBytes(rows))
  const values = copyOf(memory, at, rows * bytesPerRow)
  if (place.pieces > 0) pointToTexts(vector, chunk, place, new Uint32Array(values, 0, rows * 4))
  duckdb.copy_data_to_vector(vector, 0, values, 0, rows * bytesPerRow)
  if (items === 0) return
  duckdb.list_vector_reserve(vector, itemCount)
  duckdb.list_vector_set_size(vector, itemCount)
  if (itemCount > 0) copyColumn(duckdb.list_vector_get_child(vector), chunk, placeOf(chunk, items), itemCount)
}

const noValues = new ArrayBuffer(validityBytes(chunkRows))
const usualColumn = new Uint8Array(chunkRows * 16)

/** Valid until the next: the binding does not take memory that threads share. */
function copyOf(memory: SharedArrayBuffer, at: number, bytes: number): ArrayBuffer {
  const copy = bytes <= usualColumn.length ? usualColumn : new Uint8Array(bytes)
  copy.set(new Uint8Array(memory, at, bytes))
  return copy.buffer
}

/**
 * Long texts go to DuckDB in pieces, each as the text of the first row, which says where it then lies; the rows point into it. That is one
 * call for hundreds of texts: a household has twenty.
 */
function pointToTexts(
  vector: Vector,
  { blocks, pieces }: TableChunk,
  { firstPiece, pieces: count }: ColumnPlace,
  values: Uint32Array,
): void {
  const begins = Array.from({ length: count }, (_, each) => {
    const [block = 0, at = 0, length = 0] = pieces.subarray((firstPiece + each) * 3, (firstPiece + each + 1) * 3)
    duckdb.vector_assign_string_element_len(vector, 0, new Uint8Array(blocks[block] as SharedArrayBuffer, at, length).slice())
    const { buffer, byteOffset } = duckdb.vector_get_data(vector, 16)
    const [, , low = 0, high = 0] = new Uint32Array(buffer, byteOffset, 4)
    return { low, high }
  })
  for (let from = 0; from < values.length; from += 4) {
    if ((values[from] as number) <= inPlace) continue
    const { low, high } = begins[values[from + 3] as number] as { low: number; high: number }
    const begin = low + (values[from + 2] as number)
    values[from + 2] = begin
    values[from + 3] = begin < 2 ** 32 ? high : high + 1
  }
}
