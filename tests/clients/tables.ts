// Released tables in every format, fetched over HTTP as users fetch them and read back by programs that others wrote.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { recordsOf } from '../../aggregator/formats/observations.ts'
import { apiRoutes } from '../../aggregator/portal/api.ts'
import { handleProblem } from '../../aggregator/http/problems.ts'
import { portalRoutes } from '../../aggregator/portal/routes.ts'
import { writeTableFiles } from '../../aggregator/releases/table-files.ts'
import { mkdir, readFile } from 'node:fs/promises'
import { exampleTable } from '../support/protected-table.ts'
import { exampleRelease, sourceOf } from '../support/released.ts'
import type { ClientReport } from './pyxform.ts'

const table = exampleTable()
const absent: ClientReport = { client: undefined, compared: 0, differences: [] }

/** Debian's Python has the packages; another Python in front of it may not. */
const python = ['/usr/bin/python3', 'python3']
const pythonWith = (module: string) => python.find((command) => spawnSync(command, ['-c', `import ${module}`]).status === 0)
const rWith = (name: string) => spawnSync('Rscript', ['-e', `library(${name})`], { stdio: 'ignore' }).status === 0

interface Place {
  /** Address of the table without format. */
  readonly url: string
  readonly folder: string
  readonly portal: string
}

/** Serves the table, runs the work, tidies up. */
async function served<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-clients-'))
  await mkdir(join(folder, 'tables'))
  const files = await writeTableFiles(folder, [table])
  const parquet = files.find(({ path }) => path.endsWith('.parquet'))?.path ?? ''
  const releases = { ...sourceOf(exampleRelease({ tables: [table] })), parquet: async () => readFile(join(folder, parquet)) }
  const app = express().set('query parser', 'simple').use('/api/v1', apiRoutes({ releases }))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const portal = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app.use(portalRoutes({ releases, publicUrl: portal })).use(handleProblem)
  try {
    return await work({ url: `${portal}/api/v1/releases/2026-r1/tables/${table.id}`, folder, portal })
  } finally {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
}

async function run(command: string, options: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, options, { timeout: 120_000 }, (error, stdout, stderr) => resolve(error ? `${stdout}\n${stderr}` : stdout))
  })
}

/** One line per record: codes, figure (empty when withheld) and status. */
const written = recordsOf(table).map((record) =>
  [record['REF_AREA'], record['SEX'], record['OBS_VALUE'] ?? '', record['OBS_STATUS']].join('|'),
)

function compare(client: string, output: string): ClientReport {
  const read = output
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const differences = written.flatMap((line, index) =>
    read[index] === line ? [] : [`row ${index + 1}: wrote ${line}, read ${read[index] ?? 'nothing'}`],
  )
  return {
    client,
    compared: read.length,
    differences: read.length === written.length ? differences : [...differences, `${read.length} rows of ${written.length}`],
  }
}

const printFrame = `
for row in frame.itertuples():
    value = '' if row.OBS_VALUE != row.OBS_VALUE or row.OBS_VALUE is None else f'{row.OBS_VALUE:g}'
    print(row.REF_AREA, row.SEX, value, row.OBS_STATUS, sep='|')`

const pandas =
  (what: string, read: (url: string) => string, modules = 'pandas') =>
  async (): Promise<ClientReport> => {
    const command = pythonWith(modules)
    if (!command) return absent
    return served(async ({ url }) =>
      compare(`pandas, ${what}`, await run(command, ['-c', `import pandas\nframe = ${read(url)}${printFrame}`])),
    )
  }

const inR =
  (library: string, what: string, read: (place: { url: string; file: string }) => string, format: string) =>
  async (): Promise<ClientReport> => {
    if (!rWith(library)) return absent
    return served(async ({ url, folder }) => {
      const file = join(folder, `table.${format}`)
      await writeFile(file, Buffer.from(await (await fetch(`${url}?format=${format}`)).arrayBuffer()))
      const program = `suppressMessages(library(${library})); d <- as.data.frame(${read({ url, file })}); v <- ifelse(is.na(d$OBS_VALUE), "", format(d$OBS_VALUE, trim=TRUE)); cat(paste(d$REF_AREA, d$SEX, v, d$OBS_STATUS, sep="|"), sep="\\n")`
      return compare(what, await run('Rscript', ['-e', program]))
    })
  }

const pspp = async (): Promise<ClientReport> => {
  if (spawnSync('pspp', ['--version'], { stdio: 'ignore' }).status !== 0) return absent
  return served(async ({ url, folder }) => {
    const file = join(folder, 'table.sav')
    await writeFile(file, Buffer.from(await (await fetch(`${url}?format=sav`)).arrayBuffer()))
    const syntax = join(folder, 'read.sps')
    const csv = join(folder, 'read.csv')
    await writeFile(
      syntax,
      `GET FILE='${file}'.\nSAVE TRANSLATE /OUTFILE='${csv}' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /KEEP=REF_AREA SEX OBS_VALUE OBS_STATUS /REPLACE.\n`,
    )
    const said = await run('pspp', [syntax])
    const text = await readFile(csv, 'utf8').catch(() => said)
    const lines = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map((each) => each.trim().replace(/^"|"$/g, '')))
    return compare('PSPP, .sav', lines.map(([area, sex, value, status]) => `${area}|${sex}|${value}|${status}`).join('\n'))
  })
}

/** The lines that the portal shows under a table, copied from the page and run. */
const snippet = (tool: string, command: string, wrap: (code: string) => readonly string[]) => async (): Promise<ClientReport> =>
  served(async ({ portal }) => {
    const page = await (await fetch(`${portal}/tables?indicator=MIG01&by=REF_AREA&by=SEX&lang=en`)).text()
    const code =
      new RegExp(`<b>${tool}</b></p><pre[^>]*>(.*?)</pre>`, 's')
        .exec(page)?.[1]
        ?.replace(/&#(\d+);/g, (_, each: string) => String.fromCodePoint(Number(each))) ?? ''
    return compare(`the ${tool} lines of the page`, await run(command, wrap(code)))
  })

const printTable = `v <- ifelse(is.na(table$OBS_VALUE), "", format(table$OBS_VALUE, trim=TRUE)); cat(paste(table$REF_AREA, table$SEX, v, table$OBS_STATUS, sep="|"), sep="\\n")`

interface DataPackageReader {
  readonly Package: {
    load(
      path: string,
      options: object,
    ): Promise<{
      readonly valid: boolean
      readonly errors: readonly Error[]
      readonly resources: readonly { read(options: object): Promise<readonly Record<string, unknown>[]> }[]
    }>
  }
}

/** Not among our packages (one of its own has a licence we do not take): found when installed beside, e.g. through NODE_PATH. */
function dataPackageReader(): DataPackageReader | undefined {
  try {
    return createRequire(import.meta.url)('datapackage') as DataPackageReader
  } catch {
    return undefined
  }
}

/** The description of the CSV is checked, and the data cast by it, by a reader of the standard. */
const dataPackage = async (): Promise<ClientReport> => {
  const reader = dataPackageReader()
  if (!reader) return absent
  return served(async ({ url, folder }) => {
    const described = (await (await fetch(`${url}?format=datapackage`)).json()) as { resources: { path: string }[] }
    const [resource] = described.resources
    if (resource) resource.path = 'table.csv'
    await writeFile(join(folder, 'table.csv'), await (await fetch(`${url}?format=csv`)).text())
    await writeFile(join(folder, 'datapackage.json'), JSON.stringify(described))
    const loaded = await reader.Package.load(join(folder, 'datapackage.json'), { basePath: folder, strict: true })
    const rows = (await loaded.resources[0]?.read({ keyed: true })) ?? []
    return compare(
      'datapackage, description and CSV',
      rows.map((row) => [row['REF_AREA'], row['SEX'], row['OBS_VALUE'] ?? '', row['OBS_STATUS']].join('|')).join('\n'),
    )
  })
}

const dcat = async (): Promise<ClientReport> => {
  const command = pythonWith('rdflib')
  if (!command) return absent
  return served(async ({ portal }) => {
    const program = `
from rdflib import Graph
graph = Graph().parse(data=__import__('urllib.request').request.urlopen('${portal}/catalog.jsonld').read(), format='json-ld')
rows = graph.query('PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT ?url WHERE { ?d a dcat:Dataset ; dcat:distribution ?x . ?x dcat:accessURL ?url }')
print(len(list(rows)))`
    const found = Number((await run(command, ['-c', program])).trim())
    return { client: 'rdflib, DCAT catalogue', compared: found, differences: found === 1 ? [] : [`${found} distributions, 1 expected`] }
  })
}

export const tableClients: Readonly<Record<string, () => Promise<ClientReport>>> = {
  'pandas (CSV)': pandas('CSV', (url) => `pandas.read_csv('${url}?format=csv')`),
  'pandas (.dta)': pandas('.dta', (url) => `pandas.read_stata('${url}?format=dta')`),
  'openpyxl (.xlsx)': pandas(
    '.xlsx by openpyxl',
    (url) => `pandas.read_excel('${url}?format=xlsx', sheet_name='data')`,
    'pandas, openpyxl',
  ),
  'pyarrow (Parquet)': pandas('Parquet by pyarrow', (url) => `pandas.read_parquet('${url}?format=parquet')`, 'pandas, pyarrow'),
  'readxl (.xlsx)': inR('readxl', 'R readxl, .xlsx', ({ file }) => `read_excel("${file}", sheet = "data")`, 'xlsx'),
  'haven (.sav)': inR('haven', 'R haven, .sav', ({ file }) => `read_sav("${file}")`, 'sav'),
  'haven (.dta)': inR('haven', 'R haven, .dta', ({ file }) => `read_dta("${file}")`, 'dta'),
  'data.table (CSV)': inR('data.table', 'R data.table, CSV', ({ file }) => `fread("${file}")`, 'csv'),
  'PSPP (.sav)': pspp,
  'R lines of the page': async () =>
    spawnSync('Rscript', ['--version'], { stdio: 'ignore' }).status === 0
      ? snippet('R', 'Rscript', (code) => ['-e', `${code}\n${printTable}`])()
      : absent,
  'Python lines of the page': async () => {
    const command = pythonWith('pandas')
    return command ? snippet('Python', command, (code) => ['-c', `${code}\nframe = table${printFrame}`])() : absent
  },
  'Stata lines of the page': async () => absent,
  'Excel and Power BI lines of the page': async () => absent,
  'datapackage (Data Package)': dataPackage,
  'rdflib (DCAT)': dcat,
}
