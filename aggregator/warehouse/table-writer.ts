import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Cell, ColumnData } from './column-buffer.ts'
import { TableBuffer, type TableChunk } from './table-buffer.ts'

export type { Cell } from './column-buffer.ts'

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>

/** Appends rows to a table, inside the connection's transaction. */
export async function appendRows(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return
  await append(connection, table, (types) => {
    const buffer = new TableBuffer(types, rows.length)
    for (const row of rows) buffer.add(row)
    return buffer.finish()
  })
}

/** Appends chunks to a table, inside the connection's transaction. A column the table has got since is NULL. */
export async function appendChunks(connection: DuckDBConnection, table: string, chunks: readonly TableChunk[]): Promise<void> {
  if (chunks.length > 0) await append(connection, table, () => chunks)
}

async function append(
  connection: DuckDBConnection,
  table: string,
  make: (types: readonly string[]) => readonly TableChunk[],
): Promise<void> {
  const appender = await connection.createAppender(table)
  try {
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
    for (const { rows, columns } of make(types.map(String))) {
      const chunk = DuckDBDataChunk.create(types, rows)
      for (const index of types.keys()) copyColumn(duckdb.data_chunk_get_vector(chunk.chunk, index), columns[index], rows)
      appender.appendDataChunk(chunk)
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
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
