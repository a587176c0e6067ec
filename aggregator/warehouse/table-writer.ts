import {
  DuckDBDataChunk,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBTypeId,
  DuckDBUUIDValue,
  type DuckDBType,
  type DuckDBValue,
  listValue,
} from '@duckdb/node-api'

/** A cell on its way in: UUIDs as 32 hex digits, dates as YYYY-MM-DD, a list as an array. */
export type Cell = string | number | bigint | boolean | readonly string[] | null

/** As many rows as a DuckDB chunk takes. */
const chunkRows = 2048

/** Appends rows to a table, inside the connection's transaction. Chunks by column: 13 times as fast as prepared inserts. */
export async function appendRows(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return
  const appender = await connection.createAppender(table)
  try {
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
    for (let from = 0; from < rows.length; from += chunkRows) {
      const part = rows.slice(from, from + chunkRows)
      const chunk = DuckDBDataChunk.create(types, part.length)
      chunk.setColumns(types.map((type, column) => part.map((row) => cellValue(row[column] ?? null, type))))
      appender.appendDataChunk(chunk)
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

function cellValue(cell: Cell, type: DuckDBType): DuckDBValue {
  if (cell === null) return null
  switch (type.typeId) {
    case DuckDBTypeId.UUID:
      return DuckDBUUIDValue.fromUint128(BigInt(`0x${String(cell)}`))
    case DuckDBTypeId.DATE:
      return new DuckDBDateValue(Date.parse(`${String(cell)}T00:00:00Z`) / 86_400_000)
    case DuckDBTypeId.BIGINT:
      return BigInt(cell as number)
    case DuckDBTypeId.LIST:
      return listValue(cell as readonly string[])
    default:
      return cell as string | number | boolean
  }
}
