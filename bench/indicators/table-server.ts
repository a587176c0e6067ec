import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import type { LiveFigures } from '../../aggregator/indicators/live-figures.ts'
import { tableDownload } from '../../aggregator/portal/desk/table-download.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'

export interface Served {
  readonly figures: LiveFigures
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
}

/** Tables as the desk gives them as JSON, and `/nothing`: what the machine needs for an answer without a table, in the same minute. */
export async function serveTables({ figures, indicators, questionnaire, round }: Served): Promise<Server> {
  const app = express()
  app.get('/nothing', (_request, response) => void response.json({}))
  app.get('/table/:id', async ({ params: { id }, query }, response) => {
    const indicator = indicators.find(({ definition }) => definition.id === id)
    const by = typeof query['by'] === 'string' ? query['by'].split(',') : []
    const area = typeof query['area'] === 'string' ? { area: query['area'] } : {}
    await pipeline(
      tableDownload(indicator && (await figures.table({ indicator, round, questionnaire, by, ...area })), 'json'),
      response.type('json'),
    )
  })
  const server = createServer(app)
  // The client keeps its connections: one that the server closes as idle in the moment it is used again would look like a failure.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** One area by a dimension, all areas by one, the country by all; every fifth asks for nothing. */
function pathsOf(indicators: readonly Indicator[]): readonly string[] {
  const queries = ['by=SEX,AGE,MIG_STATUS', 'by=SEX&area=P12', 'by=REF_AREA,SEX', 'by=SEX,AGE']
  return indicators.flatMap(({ definition: { id } }) => ['/nothing', ...queries.map((query) => `/table/${id}?${query}`)])
}

const perSecond = 100

export interface Latency {
  readonly table: { readonly p50: number; readonly p99: number }
  readonly bare: { readonly p50: number; readonly p99: number }
}

/** A client in a process of its own asks at fixed times, so that waiting in a queue counts. */
export async function askTables(server: Server, indicators: readonly Indicator[], requests: number): Promise<Latency> {
  const { port } = server.address() as AddressInfo
  const taken = await askedBy([String(port), String(perSecond), String(requests), JSON.stringify(pathsOf(indicators))])
  const of = (isWanted: (path: string) => boolean) => {
    const own = taken.flatMap(([path, ms]) => (isWanted(path) ? [ms] : []))
    return { p50: quantileOf(own, 0.5), p99: quantileOf(own, 0.99) }
  }
  return { table: of((path) => path !== '/nothing'), bare: of((path) => path === '/nothing') }
}

export const quantileOf = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

function askedBy(parameters: readonly string[]): Promise<readonly (readonly [path: string, ms: number])[]> {
  const client = fileURLToPath(new URL('client.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', client, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part: Buffer) => (text += part.toString()))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`The client ended with ${code}.`))))
  })
}
