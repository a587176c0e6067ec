import type { DuckDBConnection } from '@duckdb/node-api'
import { type QuasiIdentifier, stepBetween } from './hierarchy.ts'

/** Level of each quasi-identifier. */
export type Node = readonly number[]

export interface LatticeSearch {
  readonly best: Node
  readonly loss: number
  readonly checks: number
  readonly nodes: number
  /** Records outside safe classes at the best node. */
  readonly outside: number
}

export interface LatticeInput {
  readonly connection: DuckDBConnection
  readonly identifiers: readonly QuasiIdentifier[]
  readonly k: number
  readonly l: number
  /** Records that may stay outside safe classes, to be suppressed cell by cell. */
  readonly mostOutside: number
}

interface Materialized {
  readonly node: Node
  readonly table: string
  readonly rows: number
}

/**
 * Finds the full-domain generalization with the least loss among ALL that leave at most `mostOutside` records in classes with
 * fewer than k records or fewer than l sensitive values. Coarser is never less safe (classes only merge), so each answer
 * settles every node above or below it; what is coarser is counted from what was counted, not from the records.
 * Needs the table `base` with columns q0, q1, ..., n, b (bit set of sensitive values).
 */
export async function searchLattice(input: LatticeInput): Promise<LatticeSearch> {
  const { identifiers } = input
  const heights = identifiers.map(({ levels }) => levels.length - 1)
  const nodes = allNodes(heights)
  const lossOf = (node: Node) =>
    node.reduce((sum, level, at) => {
      const { importance = 1, losses } = identifiers[at] ?? {}
      return sum + importance * (losses ? (losses[level] ?? 0) : level / Math.max(1, heights[at] ?? 1))
    }, 0)
  const byLoss = nodes.map((node) => ({ node, loss: lossOf(node) })).sort((a, b) => a.loss - b.loss || sum(a.node) - sum(b.node))
  const safe: Node[] = []
  const unsafe: Node[] = []
  const answers = new Map<string, number>()
  const kept: Materialized[] = [{ node: heights.map(() => 0), table: 'base', rows: await rowsOf(input.connection, 'base') }]
  let checks = 0
  const verdict = async (node: Node): Promise<boolean> => {
    if (safe.some((each) => isBelow(each, node))) return true
    if (unsafe.some((each) => isBelow(node, each))) return false
    checks++
    const outside = await countOutside(input, kept, node)
    answers.set(node.join(), outside)
    const isSafe = outside <= input.mostOutside
    ;(isSafe ? safe : unsafe).push(node)
    return isSafe
  }
  const leastSafe = () => safe.reduce((least, each) => Math.min(least, lossOf(each)), Number.POSITIVE_INFINITY)
  for (const { node, loss } of byLoss) {
    // Whatever loses as much as a node known to be safe cannot be the best.
    if (loss >= leastSafe()) break
    const isKnown = safe.some((each) => isBelow(each, node)) || unsafe.some((each) => isBelow(node, each))
    if (!isKnown)
      await searchPath(
        pathUp(node, heights, lossOf).filter((each) => lossOf(each) < leastSafe()),
        verdict,
      )
  }
  for (const { node, loss } of byLoss)
    if (await verdict(node)) {
      const outside = answers.get(node.join()) ?? (await countOutside(input, kept, node))
      for (const { table } of kept) if (table !== 'base') await input.connection.run(`drop table ${table}`)
      return { best: node, loss, checks, nodes: nodes.length, outside }
    }
  throw new RangeError('Even with everything generalized there are fewer than k records; release tables instead.')
}

/** Binary search for the border between unsafe and safe on a path from fine to coarse. */
async function searchPath(path: readonly Node[], verdict: (node: Node) => Promise<boolean>): Promise<void> {
  let [low, high] = [0, path.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    if (await verdict(path[middle] ?? [])) high = middle - 1
    else low = middle + 1
  }
}

/** The path to the top that loses least at every step. */
function pathUp(from: Node, heights: readonly number[], lossOf: (node: Node) => number): readonly Node[] {
  const path = [from]
  for (let node = from; ; ) {
    const steps = heights.flatMap((height, at) => ((node[at] ?? 0) < height ? [node.with(at, (node[at] ?? 0) + 1)] : []))
    const [first, ...others] = steps
    if (!first) return path
    node = others.reduce<Node>((best, each) => (lossOf(each) < lossOf(best) ? each : best), first)
    path.push(node)
  }
}

async function countOutside({ connection, identifiers, k, l }: LatticeInput, kept: Materialized[], node: Node): Promise<number> {
  const source = kept.filter((each) => isBelow(each.node, node)).reduce((least, each) => (each.rows < least.rows ? each : least))
  const columns = identifiers.map((identifier, at) => `${mapped(identifier, source.node[at] ?? 0, node[at] ?? 0, `q${at}`)} as q${at}`)
  const table = `node_${node.join('_')}`
  await connection.run(
    `create or replace temp table ${table} as select ${columns.join(', ')}, sum(n)::bigint as n, bit_or(b) as b from ${source.table} group by all`,
  )
  const found = await connection.runAndReadAll(
    `select count(*)::integer, coalesce(sum(n) filter (where n < ${k} or bit_count(b) < ${l}), 0)::double from ${table}`,
  )
  const [rows = 0, outside = 0] = (found.getRows()[0] ?? []).map(Number)
  if (rows <= source.rows * 0.7 && kept.length < 60) kept.push({ node, table, rows })
  else if (table !== source.table) await connection.run(`drop table ${table}`)
  return outside
}

/** SQL for a code at a higher level. */
export function mapped(identifier: QuasiIdentifier, from: number, to: number, column: string): string {
  if (from === to) return column
  const step = stepBetween(identifier, from, to)
  return step.every((target) => target === step[0]) ? `${step[0] ?? 0}::usmallint` : `([${step.join(',')}]::usmallint[])[${column} + 1]`
}

async function rowsOf(connection: DuckDBConnection, table: string): Promise<number> {
  return Number((await connection.runAndReadAll(`select count(*)::integer from ${table}`)).getRows()[0]?.[0] ?? 0)
}

function allNodes(heights: readonly number[]): readonly Node[] {
  return heights.reduce<Node[]>(
    (nodes, height) => nodes.flatMap((node) => Array.from({ length: height + 1 }, (_, level) => [...node, level])),
    [[]],
  )
}

/** Is the first node nowhere coarser than the second? */
function isBelow(a: Node, b: Node): boolean {
  return a.every((level, at) => level <= (b[at] ?? 0))
}

const sum = (node: Node) => node.reduce((total, level) => total + level, 0)
