// npm run test:clients: reads what Tala writes with programs that others wrote, and says which of them were here.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { recordsOf } from '../../aggregator/formats/observations.ts'
import { sdmxRoutes } from '../../aggregator/portal/sdmx-routes.ts'
import { writeTableFiles } from '../../aggregator/releases/table-files.ts'
import { exampleTable } from '../support/protected-table.ts'
import { exampleRelease, sourceOf } from '../support/released.ts'
import { tableClients } from './tables.ts'
import { validateDdi } from './ddi-codebook.ts'
import { type ClientReport, compareWithPyxform } from './pyxform.ts'

type Client = () => Promise<ClientReport>

const present = (command: string, ...options: string[]) => spawnSync(command, options, { stdio: 'ignore' }).status === 0

/** R's SDMX reader, over HTTP as its users call it. */
const rsdmx: Client = async () => {
  if (!present('Rscript', '-e', 'library(rsdmx)')) return { client: undefined, compared: 0, differences: [] }
  const server = express()
    .use('/sdmx', sdmxRoutes({ releases: sourceOf(exampleRelease()) }))
    .listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sdmx/v1/data/DF_TALA/all/`
  const program = `suppressMessages(library(rsdmx)); d <- as.data.frame(readSDMX("${url}")); cat(nrow(d), sum(as.numeric(d$obsValue), na.rm=TRUE))`
  const { stdout } = await runAside('Rscript', ['-e', program])
  server.close()
  const [rows = 0, sum = 0] = stdout.trim().split(' ').map(Number)
  const records = recordsOf(exampleTable())
  const expected = records.reduce((total, { OBS_VALUE }) => total + Number(OBS_VALUE ?? 0), 0)
  return {
    client: 'rsdmx',
    compared: rows,
    differences:
      rows === records.length && sum === expected ? [] : [`read ${rows} rows with sum ${sum}, wrote ${records.length} with ${expected}`],
  }
}

/** A Parquet reader in JavaScript that shares no code with DuckDB. */
const hyparquet: Client = async () => {
  const { parquetReadObjects, asyncBufferFromFile } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const folder = await mkdtemp(join(tmpdir(), 'tala-clients-'))
  await mkdir(join(folder, 'tables'))
  const files = await writeTableFiles(folder, [exampleTable()])
  const path = files.find((each) => each.path.endsWith('.parquet'))?.path ?? ''
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, path)), compressors })
  await rm(folder, { recursive: true })
  const written = recordsOf(exampleTable())
  const differences = written.flatMap((record, index) =>
    Number(read[index]?.OBS_VALUE ?? Number.NaN) === Number(record.OBS_VALUE ?? Number.NaN) ||
    (record.OBS_VALUE === null && read[index]?.OBS_VALUE == null)
      ? []
      : [`row ${index + 1}`],
  )
  return {
    client: 'hyparquet',
    compared: read.length,
    differences: read.length === written.length ? differences : [`${read.length} rows of ${written.length}`],
  }
}

async function runAside(command: string, options: readonly string[]): Promise<{ stdout: string }> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve) => execFile(command, options, { timeout: 60_000 }, (_error, stdout) => resolve({ stdout })))
}

const clients: Readonly<Record<string, Client>> = {
  pyxform: compareWithPyxform,
  'DDI-Codebook 2.5 schema': () => validateDdi(),
  rsdmx,
  hyparquet,
  ...tableClients,
}
let failed = 0
for (const [name, client] of Object.entries(clients)) {
  const { client: found, compared, differences } = await client()
  if (found === undefined) console.log(`ABSENT  ${name}: not on this machine, nothing compared`)
  else {
    if (differences.length > 0) failed++
    console.log(
      `${differences.length === 0 ? 'agrees ' : 'DIFFERS'} ${found}: ${compared} compared${differences.map((each) => `\n        ${each}`).join('')}`,
    )
  }
}
process.exitCode = failed === 0 ? 0 : 1
