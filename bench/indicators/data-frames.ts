import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import type { Took, Totals } from './contestants.ts'
import { type Dialect, pandasDialect, rDialect } from './dialect.ts'
import { type Columns, writeRecipe } from './write-columns.ts'

/** A data-frame library that may be on this machine. */
interface DataFrames {
  readonly name: string
  /** Where it may be: the first that has the library is taken. */
  readonly programs: readonly string[]
  readonly probe: readonly string[]
  readonly script: string
  readonly dialect: Dialect
}

export const pandas: DataFrames = {
  name: 'pandas',
  programs: ['python3', '/usr/bin/python3'],
  probe: ['-c', 'import pandas, numpy'],
  script: 'pandas_frames.py',
  dialect: pandasDialect,
}

export const dataTable: DataFrames = {
  name: 'data.table',
  programs: ['Rscript'],
  probe: ['-e', 'library(data.table)'],
  script: 'data-table-frames.R',
  dialect: rDialect,
}

export interface FramesResult {
  readonly took: Took
  readonly totals: Totals
  readonly megabytes: number
  readonly version: string
}

/** A library that takes longer is not compared. */
const longestMinutes = 20

/** The program that has the library; undefined when this machine has none. */
const programFor = ({ programs, probe }: DataFrames) => programs.find((program) => spawnSync(program, probe).status === 0)

/**
 * Runs a library on the same people, in a process of its own. The time begins when the columns are in memory. With `every` above 1, only
 * each so-manieth indicator is computed, and what the measures took is multiplied.
 * @returns why not, when the library is not on this machine or takes too long.
 */
export async function runFrames(
  frames: DataFrames,
  indicators: readonly Indicator[],
  columns: Columns,
  every = 1,
): Promise<FramesResult | string> {
  const program = programFor(frames)
  if (program === undefined) return 'not on this machine'
  const some = indicators.filter((_, index) => index % every === 0)
  writeRecipe(some, columns, frames.dialect)
  const script = fileURLToPath(new URL(frames.script, import.meta.url))
  const output = await outputOf(program, [script, columns.folder, String(columns.persons)])
  if (output === null) return `not ready in ${longestMinutes} minutes`
  const fields = output
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
  const field = (name: string) => fields.find(([each]) => each === name)?.[1] ?? ''
  const [seconds, cpu, measures] = ['seconds', 'cpu', 'measures'].map((name) => Number(field(name)))
  if (!seconds || !cpu || !measures) throw new Error(`${frames.name} gave no times.`)
  // Only the measures grow with the number of indicators; keys and grouping sets are left as they are, which favours the library.
  const scaled = seconds + measures * (indicators.length / some.length - 1)
  return {
    took: { seconds: scaled, cpuSeconds: (cpu * scaled) / seconds },
    totals: new Map(fields.flatMap(([kind, name = '', total]) => (kind === 'total' ? [[name, Number(total)] as const] : []))),
    megabytes: Number(field('mb')),
    version: field('version'),
  }
}

function outputOf(program: string, parameters: readonly string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'inherit'], timeout: longestMinutes * 60_000 })
    let text = ''
    child.stdout.on('data', (part: Buffer) => (text += part.toString()))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(text)
      else if (signal === 'SIGTERM') resolve(null)
      else reject(new Error(`${program} ended with ${code ?? signal}.`))
    })
  })
}
