import { setTimeout } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round, SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { type ColumnTable, columnTable, onlyNodes } from './column-table.ts'
import type { Indicator } from './definition.ts'
import { dimensionIds } from './dimensions.ts'
import { estimateTable } from './estimate-table.ts'
import { changeSince, type SeenTables, seeTables } from './follow-tables.ts'
import { isAdditive, type Lattice, openLattice } from './lattice.ts'
import { tabulate } from './tabulate.ts'

export interface TableRequest {
  readonly indicator: Indicator
  readonly round: Round
  readonly questionnaire: Questionnaire
  /** How the round was drawn: its table is then weighted, with errors. */
  readonly design?: SampleDesign | null
  /** Dimensions; those that the indicator is not broken down by are left out. */
  readonly by: readonly string[]
  /** Only this area; REF_AREA is then no dimension of the table. */
  readonly area?: string
}

/** Working tables at once, while records arrive. */
export interface LiveFigures {
  /**
   * From memory where figures are sums (then it never waits for a writer), else tabulated. The first table of a round fills the memory.
   * What was committed a moment ago may still be missing; the next table has it.
   */
  table(request: TableRequest): Promise<ColumnTable | undefined>
  /** Follows a commit: when it resolves, tables have it. What changed is read from the tables themselves. */
  follow(commit: { readonly rounds: readonly string[] }): Promise<void>
  /** Answers or derived variables of a round were changed in place, which the tables do not show: the next table fills it anew. */
  forget(round: string): void
}

export interface LiveFiguresDependencies {
  readonly warehouse: Pick<Warehouse, 'read' | 'written'>
  readonly indicators: readonly Indicator[]
  /** Milliseconds between the end of following and the next beginning: many small commits then cost no more than one. None when absent. */
  readonly restMs?: number
  readonly onProgress?: (rows: number) => void
  /** What failed in the background; figures stay as they were. */
  readonly onFailure?: (error: unknown) => void
}

/** Dimensions that are kept in memory, besides the areas. */
const keptDimensions = {
  person: ['SEX', 'AGE', 'AGE_CHILD', 'MIG_STATUS', 'DISABILITY'],
  household: ['SEX_OF_HEAD', 'MEMBER_ABROAD'],
} as const
/** Rounds kept in memory; the one asked for longest ago makes room. */
const mostRounds = 2

interface OpenRound {
  readonly id: string
  readonly key: string
  readonly questionnaire: Questionnaire
  readonly lattices: Readonly<Partial<Record<'person' | 'household', Lattice>>>
  tables: SeenTables
  /** Writes of the warehouse that the figures have seen. */
  seen: number
  turn: Promise<void>
  /** A turn that waits for the one before it, and will see everything that is committed by then. */
  next: Promise<void> | null
  /** Ends when following may begin again. */
  rest: Promise<unknown>
}

export function createLiveFigures({ warehouse, indicators, restMs = 0, onProgress, onFailure }: LiveFiguresDependencies): LiveFigures {
  const rounds = new Map<string, Promise<OpenRound>>()
  const keyOf = createKeys()
  const open = (round: Round, questionnaire: Questionnaire): Promise<OpenRound> => {
    const key = keyOf(round, questionnaire)
    const found = rounds.get(key) ?? fill(key, round, questionnaire)
    rounds.delete(key)
    rounds.set(key, found)
    found.catch(() => rounds.delete(key))
    for (const old of [...rounds.keys()].slice(0, -mostRounds)) rounds.delete(old)
    return found
  }
  const fill = (key: string, round: Round, questionnaire: Questionnaire) =>
    warehouse.read((connection) =>
      inSnapshot(connection, warehouse, async (seen) => {
        const tables = await seeTables(connection, questionnaire, round.id)
        const lattices: Partial<Record<'person' | 'household', Lattice>> = {}
        for (const level of ['person', 'household'] as const) {
          const own = indicators.filter((each) => each.definition.level === level && isAdditive(each))
          const by = keptDimensions[level]
          if (own.length > 0)
            lattices[level] = await openLattice(connection, {
              indicators: own,
              questionnaire,
              round,
              by,
              ...(onProgress && { onProgress }),
            })
        }
        return { id: round.id, key, questionnaire, lattices, tables, seen, turn: Promise.resolve(), next: null, rest: Promise.resolve() }
      }),
    )
  const refresh = (round: OpenRound): Promise<void> => {
    if (round.next) return round.next
    const run = round.turn
      .then(() => round.rest)
      .then(() => {
        // What is committed from here on may be missed: who asks now gets a turn of its own.
        round.next = null
        return warehouse.read((connection) => inSnapshot(connection, warehouse, (written) => catchUp(connection, round, written)))
      })
      .finally(() => void (round.rest = restMs > 0 ? setTimeout(restMs, undefined, { ref: false }) : Promise.resolve()))
    round.next = run
    // One of its lattices may have followed and another not: the next table fills the round anew.
    round.turn = run.catch(() => void rounds.delete(round.key))
    return run
  }
  return {
    async table(request) {
      const { indicator, round, questionnaire, by, area, design } = request
      const { definition } = indicator
      const wanted = dimensionIds.filter((id) => by.includes(id) && definition.breakdowns.includes(id))
      if (design) {
        const axes = area === undefined ? wanted : [...new Set(['REF_AREA', ...wanted])]
        const estimated = columnTable(
          await warehouse.read((connection) => estimateTable(connection, { indicator, questionnaire, round, by: axes, design })),
        )
        return area === undefined ? estimated : ofArea(estimated, area)
      }
      const kept: readonly string[] = ['REF_AREA', ...keptDimensions[definition.level]]
      if (!isAdditive(indicator) || !wanted.every((id) => kept.includes(id))) {
        const tabulated = {
          indicators: [indicator],
          questionnaire,
          round,
          by: area === undefined ? wanted : [...new Set(['REF_AREA', ...wanted])],
        }
        const [tabled] = await warehouse.read((connection) => tabulate(connection, tabulated))
        const table = tabled && columnTable(tabled)
        return table && area !== undefined ? ofArea(table, area) : table
      }
      const opened = await open(round, questionnaire)
      // Reviews and withdrawals write too, and nobody tells of them here.
      if (opened.seen !== warehouse.written()) refresh(opened).catch((error: unknown) => onFailure?.(error))
      return opened.lattices[definition.level]?.snapshot().table(definition.id, wanted, area)
    },
    forget(id) {
      for (const key of rounds.keys()) if (key.startsWith(`${id} `)) rounds.delete(key)
    },
    async follow({ rounds: touched }) {
      for (const opened of await Promise.all(rounds.values())) if (touched.includes(opened.id)) await refresh(opened)
    },
  }
}

/** A changed register or survey is another round to the figures. The text of a register is made once. */
function createKeys(): (round: Round, questionnaire: Questionnaire) => string {
  const registers = new WeakMap<Round['areas'], string>()
  return ({ id, areas }, { sha256 }) => {
    const register = registers.get(areas) ?? areas.map(({ code, parent = '', level }) => `${code}<${parent}:${level}`).join(' ')
    registers.set(areas, register)
    return `${id} ${sha256} ${register}`
  }
}

/** Several statements that see the same state of the warehouse, with at least the writes it is told. */
async function inSnapshot<Result>(
  connection: DuckDBConnection,
  warehouse: Pick<Warehouse, 'written'>,
  work: (written: number) => Promise<Result>,
): Promise<Result> {
  const written = warehouse.written()
  await connection.run('BEGIN TRANSACTION READ ONLY')
  try {
    return await work(written)
  } finally {
    await connection.run('COMMIT')
  }
}

async function catchUp(connection: DuckDBConnection, round: OpenRound, written: number): Promise<void> {
  const { now, change } = await changeSince(connection, round.questionnaire, round.id, round.tables)
  if (change.added.length > 0 || change.areas.length > 0) {
    // One after the other: a connection gives one result at a time.
    for (const lattice of Object.values(round.lattices)) await lattice.change(connection, change)
  }
  round.tables = now
  round.seen = written
}

/** The table of one area, without the areas as a dimension. */
function ofArea(table: ColumnTable, area: string): ColumnTable {
  const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  const place = table.dimensions[axis]?.nodes.findIndex(({ code }) => code === area)
  const without = <Each>(all: readonly Each[]) => all.filter((_, index) => index !== axis)
  const own = onlyNodes(table, axis, (node) => node === place)
  return { ...own, dimensions: without(own.dimensions), nodes: without(own.nodes) }
}
