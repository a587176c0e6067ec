import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import express from 'express'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { createLiveFigures, type LiveFigures } from '../../aggregator/indicators/live-figures.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { commitHomes, makePool } from './new-homes.ts'

interface UnderIngest {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
}

const homesPerCommit = 1_000
const perSecond = 100
const requests = 2_000

/**
 * The figures of the server while homes come: how long they need to follow a commit of 5,000 people, and how long tables take over HTTP while
 * homes are committed and followed without a pause. Tables of up to a few thousand cells, as people ask for them.
 */
export async function underIngest({ instance, connection, indicators, questionnaire, round }: UnderIngest) {
  const readers = createReaders(instance)
  const counter = { written: 0, runs: true, persons: 0 }
  const figures = createLiveFigures({ warehouse: { read: (work) => readers.read(work), written: () => counter.written }, indicators })
  const [first] = indicators
  if (!first) throw new RangeError('There are no indicators.')
  await figures.table({ indicator: first, round, questionnaire, by: ['SEX'] })
  await makePool(connection, homesPerCommit)
  let batch = 0
  const commit = async () => {
    const records = await commitHomes(connection, batch++)
    counter.written++
    counter.persons += records.length * 5
    return { rounds: [round.id], records }
  }
  const refreshes: number[] = []
  for (let run = 0; run < 9; run++) {
    const committed = await commit()
    const began = performance.now()
    await figures.follow(committed)
    refreshes.push(performance.now() - began)
  }
  counter.persons = 0
  const server = await serve(figures, { indicators, questionnaire, round })
  const { port } = server.address() as AddressInfo
  const writing = (async () => {
    while (counter.runs) await figures.follow(await commit())
  })()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const taken = await askedBy(port, pathsOf(indicators))
  delay.disable()
  counter.runs = false
  await writing
  await readers.close()
  await new Promise((resolve) => server.close(resolve))
  const quantile = (share: number, of: (path: string) => boolean) => {
    const sorted = taken.flatMap(([path, ms]) => (of(path) ? [ms] : [])).sort((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  }
  const isTable = (path: string) => path !== '/nothing'
  return {
    refreshMs: quantileOf(refreshes, 0.5),
    p50: quantile(0.5, isTable),
    p99: quantile(0.99, isTable),
    bareP50: quantile(0.5, (path) => !isTable(path)),
    bareP99: quantile(0.99, (path) => !isTable(path)),
    loopP99: delay.percentile(99) / 1e6,
    persons: counter.persons,
  }
}

const quantileOf = (values: readonly number[], share: number) => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0

/** As the warehouse does: each reader has a connection of its own for as long as it needs it. */
function createReaders(instance: DuckDBInstance) {
  const reserve: DuckDBConnection[] = []
  const reading = new Set<Promise<unknown>>()
  return {
    read<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
      const run = (async () => {
        const own = reserve.pop() ?? (await instance.connect())
        const result = await work(own)
        reserve.push(own)
        return result
      })()
      reading.add(run)
      run.then(
        () => reading.delete(run),
        () => reading.delete(run),
      )
      return run
    },
    async close() {
      // What still follows in the background comes before this.
      while (reading.size > 0) await Promise.allSettled(reading)
      for (const each of reserve) each.closeSync()
    },
  }
}

async function serve(
  figures: LiveFigures,
  { indicators, questionnaire, round }: Pick<UnderIngest, 'indicators' | 'questionnaire' | 'round'>,
) {
  const app = express()
  // What the machine needs for an answer without a table, in the same minute.
  app.get('/nothing', (_request, response) => void response.json({}))
  app.get('/table/:id', async ({ params: { id }, query }, response) => {
    const indicator = indicators.find(({ definition }) => definition.id === id)
    const by = typeof query['by'] === 'string' ? query['by'].split(',') : []
    const area = typeof query['area'] === 'string' ? { area: query['area'] } : {}
    response.json(indicator && (await figures.table({ indicator, round, questionnaire, by, ...area })))
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** One area by a dimension, all areas by one, the country by all; every fifth asks for nothing. */
function pathsOf(indicators: readonly Indicator[]): readonly string[] {
  const queries = ['by=SEX,AGE,MIG_STATUS', 'by=SEX&area=P12', 'by=REF_AREA,SEX', 'by=SEX,AGE']
  return indicators.flatMap(({ definition: { id } }) => ['/nothing', ...queries.map((query) => `/table/${id}?${query}`)])
}

function askedBy(port: number, paths: readonly string[]): Promise<readonly (readonly [path: string, ms: number])[]> {
  const client = fileURLToPath(new URL('client.ts', import.meta.url))
  const parameters = [String(port), String(perSecond), String(requests), JSON.stringify(paths)]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', client, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part: Buffer) => (text += part.toString()))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`The client ended with ${code}.`))))
  })
}
