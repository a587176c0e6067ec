import { ProblemError } from '../problem.ts'
import type { ProtectedTable } from './protected.ts'
import { brandTable } from './protected-tables.ts'
import { createHash } from 'node:crypto'

/**
 * Reads a released table back. Only bytes whose hash stands in a signed manifest become a protected table again.
 * @param json the file as released; @param sha256 from the manifest whose signature the caller has checked.
 * @throws ProblemError `release-damaged` when the bytes are not those that were released.
 */
export function reviveProtectedTable(json: Uint8Array, sha256: string): ProtectedTable {
  if (createHash('sha256').update(json).digest('hex') !== sha256)
    throw new ProblemError('release-damaged', 'A file of the release is not the one that was released; restore it from a backup.')
  const table = JSON.parse(Buffer.from(json).toString('utf8')) as { schema?: unknown }
  if (table.schema !== 'table/1') throw new ProblemError('release-damaged', 'A file of the release is of a form this version cannot read.')
  return brandTable(table)
}
