// The same tables through our elimination and through SSBtools::GaussSuppression: equal patterns, and how much faster. Needs R with SSBtools.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eliminate } from '../../aggregator/disclosure/tables/eliminate.ts'
import { cellAtoms, cellColumns, type System } from '../../aggregator/disclosure/tables/system.ts'
import { referenceTables } from '../../tests/aggregator/disclosure/tables/reference-tables.ts'

export interface Comparison {
  readonly table: string
  readonly cells: number
  readonly secondary: number
  readonly differences: number
  readonly oursSeconds: number
  readonly referenceSeconds: number
  /** Cells (0-based) that the reference withholds beside the small ones. */
  readonly reference: readonly number[]
  readonly version: string
}

/** @returns null when R or the package is not there. */
export function compareWithReference(): readonly Comparison[] | null {
  try {
    execFileSync('Rscript', ['-e', 'library(SSBtools)'], { stdio: 'ignore' })
  } catch {
    return null
  }
  return referenceTables().map(({ name, system, primary, candidates }) => {
    const started = performance.now()
    const { published } = eliminate({ columns: cellColumns(system), candidates, protectedColumns: primary })
    const oursSeconds = (performance.now() - started) / 1000
    const ours = new Set(candidates.filter((cell) => !published[cell]))
    const { secondary: reference, seconds, version } = runReference(system, primary, candidates)
    const differences = reference.filter((cell) => !ours.has(cell)).length + [...ours].filter((cell) => !reference.includes(cell)).length
    return {
      table: name,
      cells: system.counts.length,
      secondary: ours.size,
      differences,
      oursSeconds,
      referenceSeconds: seconds,
      reference,
      version,
    }
  })
}

function runReference(system: System, primary: Uint8Array, candidates: Int32Array) {
  const folder = mkdtempSync(join(tmpdir(), 'tala-reference-'))
  try {
    const atoms = cellAtoms(system)
    const entries: string[] = []
    system.counts.forEach((_, cell) => {
      for (let at = atoms.starts[cell] as number; at < (atoms.starts[cell + 1] as number); at++)
        entries.push(`${(atoms.indices[at] as number) + 1},${cell + 1}`)
    })
    writeFileSync(join(folder, 'entries.csv'), entries.join('\n'))
    writeFileSync(join(folder, 'candidates.csv'), Array.from(candidates, (cell) => cell + 1).join('\n'))
    writeFileSync(
      join(folder, 'primary.csv'),
      Array.from(primary.keys())
        .filter((cell) => primary[cell])
        .map((cell) => cell + 1)
        .join('\n'),
    )
    const [seconds = '', version = ''] = execFileSync('Rscript', [new URL('gauss-suppression.R', import.meta.url).pathname, folder], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
      .slice(-2)
    const secondary = readFileSync(join(folder, 'secondary.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line) - 1)
    return { secondary, seconds: Number(seconds), version }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
