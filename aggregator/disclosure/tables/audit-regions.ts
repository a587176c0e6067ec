import { audit } from './audit.ts'
import { type AuditProblem, type Bounds, type Failure, isOpenTarget } from './audit-problem.ts'
import { auditRegions } from './regions.ts'
import type { Solver } from './solver.ts'
import { cellCount, type System } from './system.ts'

export interface RegionAudit {
  /** What stays bounded whatever else varies, and what the largest regions could not clear. */
  readonly failures: readonly Failure[]
  readonly givenUp: readonly number[]
  readonly linearPrograms: number
}

/** @param printed 1 for every published cell; it is printed less and less from one call to the next. */
export type AuditAgain = (problem: AuditProblem, bounds: Bounds, printed: Uint8Array, seed: number) => RegionAudit

interface Region {
  readonly atoms: Int32Array | null
  /** Cells that hold an inner cell of the region. */
  readonly cells: Int32Array
  /** What the last audit of it depended on. */
  before: string
}

/**
 * An audit that is repeated while more and more is withheld: from the smallest regions up, a region again only when something in it changed.
 * A failure that is proved where it is found is not looked at again in larger regions; only the rest gets there.
 */
export function createRegionAudit(
  highs: Solver,
  system: System,
  areaAxis: number | null,
  of: Pick<AuditProblem, 'cellsOfAtoms' | 'targets'>,
): AuditAgain {
  const cells = cellCount(system)
  const heights = heightsOfCells(system, areaAxis)
  const steps = auditRegions(system, areaAxis).map(({ regions, tries, finalUpTo }) => ({
    targets: of.targets.filter((cell) => (heights[cell] as number) <= tries),
    isFinal: (cell: number) => (heights[cell] as number) <= finalUpTo,
    regions: regions.map((atoms): Region => ({ atoms, cells: touchedCells(of.cellsOfAtoms, cells, atoms), before: '' })),
  }))
  return (given, bounds, printed, seed) => {
    const excluded = new Uint8Array(cells)
    const left = printed.slice()
    const failures = new Map<string, Failure>()
    const givenUp: number[] = []
    let { rows } = given
    let linearPrograms = 0
    for (const { targets, isFinal, regions } of steps) {
      const problem = { ...given, targets, excluded, isFinal }
      const isTried = flagsOf(targets, cells)
      for (const region of regions) {
        const state = stateOf(problem, bounds, isTried, left, region.cells)
        if (state === null || state === region.before) continue
        const outcome = audit(highs, { ...problem, rows }, bounds, region.atoms, seed)
        linearPrograms += outcome.linearPrograms
        for (const failure of outcome.failures) {
          if (!failure.isProven && !isFinal(failure.cell)) continue
          failures.set(`${failure.cell} ${failure.side}`, failure)
          if (failure.isProven) excluded[failure.cell] = 1
        }
        for (const cell of outcome.givenUp) left[cell] = 0
        givenUp.push(...outcome.givenUp)
        if (outcome.givenUp.length > 0) rows = rows.filter(({ cell }) => left[cell])
        const isFailing = outcome.failures.some(({ cell }) => isFinal(cell))
        region.before = isFailing ? '' : (stateOf(problem, bounds, isTried, left, region.cells) ?? '')
      }
      // What stays failed needs no larger region: something behind it will be withheld.
      for (const { cell } of failures.values()) excluded[cell] = 1
    }
    // One region may have cleared what another one of the same step could not.
    const stay = [...failures.values()].filter(({ cell }) => isOpenTarget({ ...given, excluded: nothing }, bounds, cell))
    return { failures: stay, givenUp, linearPrograms }
  }
}

const nothing = new Uint8Array()

/** What an audit of the region depends on: it is printed less and less, and less and less is open. Null when nothing is open. */
function stateOf(
  problem: Omit<AuditProblem, 'rows'>,
  bounds: Bounds,
  isTried: Uint8Array,
  printed: Uint8Array,
  cells: Int32Array,
): string | null {
  let shown = 0
  let open = 0
  for (const cell of cells) {
    if (printed[cell]) shown++
    if (isTried[cell] && isOpenTarget(problem, bounds, cell)) open++
  }
  return open === 0 ? null : `${shown} ${open}`
}

/** Height of each cell's area over the smallest areas below it; 0 everywhere without areas. */
function heightsOfCells(system: System, areaAxis: number | null): Int32Array {
  const axis = areaAxis === null ? undefined : system.axes[areaAxis]
  const heights = (axis?.children ?? []).map(() => 0)
  for (let node = heights.length - 1; node >= 0; node--)
    for (const child of axis?.children[node] ?? []) heights[node] = Math.max(heights[node] as number, (heights[child] as number) + 1)
  const width = system.axes.length
  return Int32Array.from({ length: cellCount(system) }, (_, cell) => heights[system.nodes[cell * width + (areaAxis ?? 0)] as number] ?? 0)
}

function flagsOf(targets: Int32Array, cells: number): Uint8Array {
  const flags = new Uint8Array(cells)
  for (const cell of targets) flags[cell] = 1
  return flags
}

function touchedCells({ starts, indices }: AuditProblem['cellsOfAtoms'], cells: number, atoms: Int32Array | null): Int32Array {
  if (!atoms) return Int32Array.from({ length: cells }, (_, cell) => cell)
  const touched = new Uint8Array(cells)
  for (const atom of atoms)
    for (let at = starts[atom] as number; at < (starts[atom + 1] as number); at++) touched[indices[at] as number] = 1
  return Int32Array.from(touched.keys()).filter((cell) => touched[cell])
}
