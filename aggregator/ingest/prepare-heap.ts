import { forgetOpened } from '../custody/open-sealed.ts'
import type { TableRows } from '../warehouse/load.ts'
import { Blocks, type SpareBlocks } from '../warehouse/blocks.ts'
import { chunkRows, TableBuffer } from '../warehouse/table-buffer.ts'
import type { Rows, RowTable } from './flatten.ts'
import { type Job, type Outcome, prepareRecord, type Workbench } from './prepare-record.ts'

/** Some records, opened and judged together, and their rows. */
export interface Heap {
  readonly outcomes: readonly Outcome[]
  readonly tables: readonly TableRows[]
}

/** Members per household, to take memory for; larger rosters get more. */
const usualRoster = 6

export function prepareHeap(bench: Workbench, jobs: readonly Job[], spare: SpareBlocks = []): Heap {
  const blocks = new Blocks(spare)
  const buffers = new Map<RowTable, TableBuffer>()
  const rows: Rows = {
    of(table) {
      const known = buffers.get(table)
      if (known) return known
      const expected = table.repeat === undefined ? jobs.length : Math.min(chunkRows, jobs.length * usualRoster)
      const made = new TableBuffer(
        table.columns.map(({ type }) => type),
        expected,
        blocks,
      )
      buffers.set(table, made)
      return made
    },
  }
  const outcomes = jobs.map((job) => prepareRecord(bench, job, rows))
  forgetOpened()
  return { outcomes, tables: [...buffers].map(([{ name }, buffer]) => ({ table: name, chunks: buffer.finish() })) }
}

/** The memory of these rows: the tables of a heap share it. */
export const blocksIn = (tables: readonly TableRows[]): ReadonlySet<SharedArrayBuffer> =>
  new Set(tables.flatMap(({ chunks }) => chunks.flatMap(({ blocks }) => blocks)))
