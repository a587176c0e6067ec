// npm run survival -- [--seed S] [--schedules N] [--processes N] [--browsers N] [--json FILE]: schedules of chance from seed S on, after all named
// ones; then N servers killed under a phone's code, then N kills of a server or a real Chromium.
// Exit code 1 on a violation; the failing seed, and the shortest schedule that fails like it, are printed.
import { fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { namedSchedules } from './named.ts'
import { runBrowsers } from './browsers.ts'
import { runProcesses } from './processes.ts'
import { countFaults, makeSchedule, type Schedule } from './schedule.ts'
import { shrink } from './shrink.ts'
import type { Tally } from './tally.ts'
import { openBench, runSchedule } from './world.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '300' },
    processes: { type: 'string', default: '0' },
    browsers: { type: 'string', default: '0' },
    json: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
})
const [seed, count] = [Number(values.seed), Number(values.schedules)]

if (values.worker) {
  const tally = await runSeeds(seed, count)
  process.send?.(tally)
  process.disconnect()
} else {
  const started = performance.now()
  const simulated = count === 0 ? nothing() : add(await runNamed(), await spread(seed, count))
  const processes = add(await runProcesses(seed, Number(values.processes)), await runBrowsers(seed, Number(values.browsers)))
  const all = add(simulated, processes)
  console.log(`in virtual time ${simulated.schedules} schedules, with real processes ${processes.schedules}`)
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`${all.schedules} schedules, ${all.faults} faults, ${all.records} records, ${all.violations} violations, ${seconds} s`)
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...all, seed })}\n`)
  process.exitCode = all.violations > 0 ? 1 : 0
}

/** The seeds shared out over the cores, each worker a process of its own. */
async function spread(from: number, all: number): Promise<Tally> {
  const workers = Math.min(availableParallelism(), Math.max(1, Math.ceil(all / 100)))
  const share = Math.ceil(all / workers)
  const parts = Array.from({ length: workers }, (_each, at) => ({
    from: from + at * share,
    count: Math.max(0, Math.min(share, all - at * share)),
  }))
  const tallies = await Promise.all(parts.map(runWorker))
  return tallies.reduce(add, nothing())
}

function runWorker(part: { readonly from: number; readonly count: number }): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), ['--worker', '--seed', String(part.from), '--schedules', String(part.count)], {
      execArgv: ['--import', 'tsx'],
    })
    let tally: Tally | undefined
    child.on('message', (message) => (tally = message as Tally))
    child.on('error', reject)
    child.on('exit', (code) => (tally && code === 0 ? resolve(tally) : reject(new Error(`a worker ended with ${code}`))))
  })
}

async function runSeeds(from: number, all: number): Promise<Tally> {
  const bench = await openBench()
  const tally = nothing()
  for (let at = from; at < from + all; at += 1) {
    const schedule = makeSchedule(at)
    const { records, violations } = await runSchedule(bench, schedule)
    tally.schedules += 1
    tally.faults += countFaults(schedule)
    tally.records += records
    if (violations.length === 0) continue
    tally.violations += 1
    const first = violations[0] ?? ''
    const short = await shrink(schedule, async (each) => (await runSchedule(bench, each)).violations.includes(first))
    report(`seed ${at}`, violations, short)
  }
  return tally
}

async function runNamed(): Promise<Tally> {
  const bench = await openBench()
  const tally = nothing()
  for (const { title, schedule } of namedSchedules) {
    const { records, violations } = await runSchedule(bench, schedule)
    tally.schedules += 1
    tally.faults += countFaults(schedule)
    tally.records += records
    if (violations.length === 0) continue
    tally.violations += 1
    report(title, violations, schedule)
  }
  return tally
}

function report(title: string, violations: readonly string[], short: Schedule): void {
  console.error(`VIOLATION (${title}): ${violations.join('; ')}\n  the shortest schedule that fails like it: ${JSON.stringify(short)}`)
}

function nothing(): Tally {
  return { schedules: 0, faults: 0, records: 0, violations: 0 }
}

function add(a: Tally, b: Tally): Tally {
  return {
    schedules: a.schedules + b.schedules,
    faults: a.faults + b.faults,
    records: a.records + b.records,
    violations: a.violations + b.violations,
  }
}
