import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import express from 'express'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { createLiveFigures } from '../../aggregator/indicators/live-figures.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'

interface UnderIngest {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
}

/**
 * Times of tables over HTTP while another connection commits new homes without a pause and the figures follow each commit, as in the server.
 * Tables of up to a few thousand cells, as people ask for them: one area by all dimensions, all areas by one.
 */
export async function latencyUnderIngest({ instance, connection, indicators, questionnaire, round }: UnderIngest) {
  // As the warehouse does: each reader has a connection of its own for as long as it needs it.
  const reserve: DuckDBConnection[] = []
  const reading = new Set<Promise<unknown>>()
  const read = <Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> => {
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
  }
  const counter = { written: 0, runs: true, persons: 0 }
  const figures = createLiveFigures({
    warehouse: { read, written: () => counter.written },
    indicators,
  })
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
  const { port } = server.address() as AddressInfo
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()
  await ask('/table/POP01?by=SEX')

  const writing = (async () => {
    for (let batch = 0; counter.runs; batch++) {
      const records = await commitHomes(connection, batch)
      counter.written++
      counter.persons += records.length * 5
      await figures.follow({ rounds: [round.id], records })
    }
  })()
  const paths = ['by=SEX,AGE,MIG_STATUS', 'by=SEX&area=P12', 'by=REF_AREA,SEX', 'by=SEX,AGE']
  const [times, bare]: [number[], number[]] = [[], []]
  for (let request = 0; request < 1_100; request++) {
    const id = indicators[request % indicators.length]?.definition.id ?? 'POP01'
    const started = performance.now()
    await ask(`/table/${id}?${paths[request % paths.length] ?? ''}`)
    if (request >= 100) times.push(performance.now() - started)
    const began = performance.now()
    await ask('/nothing')
    if (request >= 100) bare.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  counter.runs = false
  await writing
  // What still follows in the background comes before this.
  await figures.follow({ rounds: [round.id], records: [] })
  await Promise.all(reading)
  for (const each of reserve) each.closeSync()
  await new Promise((resolve) => server.close(resolve))
  const quantile = (all: readonly number[], share: number) => all.toSorted((a, b) => a - b)[Math.floor(all.length * share)] ?? 0
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    bareP50: quantile(bare, 0.5),
    bareP99: quantile(bare, 0.99),
    persons: counter.persons,
  }
}

/** Two hundred homes of ten areas, in one transaction: copies of homes that are there, under new ids. */
async function commitHomes(connection: DuckDBConnection, batch: number): Promise<readonly string[]> {
  const mark = `n${batch}:`
  const areas = Array.from({ length: 10 }, (_, index) => `'P${String((batch * 37 + index * 101) % 1000).padStart(3, '0')}'`)
  const chosen = `SELECT record_id FROM household WHERE area IN (${areas.join(', ')}) AND record_id LIKE 'r:%' ORDER BY hash(record_id, ${batch}) LIMIT 200`
  await connection.run(`CREATE OR REPLACE TEMP TABLE chosen AS ${chosen}`)
  await connection.run('BEGIN')
  for (const table of ['household', 'household_person'])
    await connection.run(
      `INSERT INTO ${table} SELECT t.* REPLACE ('${mark}' || t.record_id AS record_id) FROM ${table} t SEMI JOIN chosen USING (record_id)`,
    )
  await connection.run('COMMIT')
  const read = await connection.runAndReadAll(`SELECT '${mark}' || record_id FROM chosen`)
  return read.getRows().map(([id]) => String(id))
}
