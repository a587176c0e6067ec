// Homes of a released town withdraw; then everything the office has is searched for them, a restored backup and the next release too.
// Long form: npm run survival:withdrawal [-- --households 200 --withdrawals 50 --seed 1 --json FILE]
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { restoreInbox } from '../../../aggregator/custodian/backup.ts'
import { custodyOf } from '../../../aggregator/custodian/custody.ts'
import type { Office } from '../../../aggregator/open-office.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import type { Interview } from '../../../schemas/interview/interview.ts'
import { loadAttacker } from '../../attack/attackers.ts'
import { differing, pinnedChanges, readPair } from '../../attack/vintages/difference.ts'
import { barangays, copyOf, firstTown, openTown, release, removeTown, type Visited } from '../../attack/vintages/real-town.ts'
import { createRandom } from '../../simulation/random.ts'

export interface WithdrawnTown {
  readonly households: number
  readonly withdrawn: number
  /** Homes whose planted words, answers or identities were found in the files before anybody withdrew. */
  readonly foundBefore: number
  /** What was found of withdrawn homes; each should be empty. */
  readonly traces: { readonly files: readonly string[]; readonly tables: readonly string[]; readonly stores: readonly string[] }
  readonly restored: {
    readonly erased: number
    readonly files: readonly string[]
    readonly tables: readonly string[]
    readonly stores: readonly string[]
  }
  /** Homes that are found as before although they stayed. */
  readonly staying: number
  /** Withdrawals that the audit chain proves, and whether the chain is whole. */
  readonly proven: number
  readonly chainIsWhole: boolean
  readonly next: {
    readonly id: string
    /** Areas with fewer than ten withdrawals, and those whose old figures stand. */
    readonly small: readonly string[]
    readonly carried: readonly string[]
    readonly differing: number
    /** Small changes that an attacker with both releases tried to find, and those found. */
    readonly asked: number
    readonly pinned: readonly string[]
  }
}

export interface TownOptions {
  readonly households: number
  readonly withdrawals: number
  readonly seed: number
}

/** One home, as a searcher would look for it. */
interface Wanted {
  readonly area: string
  readonly id: string
  readonly code: string
  readonly texts: readonly string[]
  /** UUIDs of home and members. */
  readonly keys: readonly string[]
}

const planted = (at: number) => `planted-words-${String(at).padStart(4, '0')}-of-this-home`
// DuckDB compresses short texts, and a search of the file would not find them; what is longer than 4,096 bytes it writes as it is.
const words = (at: number) => `${planted(at)}${'ñ'.repeat(2_200)}`
const freeWords = 'Q01'

export async function withdrawnTown({ households, withdrawals, seed }: TownOptions): Promise<WithdrawnTown> {
  const write = (record: Interview, at: number): Interview => ({ ...record, answers: { ...record.answers, [freeWords]: words(at) } })
  const town = await firstTown(seed, households, write)
  const folders = [town.folder]
  try {
    const first = await copyOf(town.folder)
    folders.push(first)
    const backup = `${first}-backup`
    folders.push(backup)
    const office = await openTown(town.folder)
    const homes = await Promise.all(town.visited.map((visited, at) => wantedOf(office, visited, at)))
    await custodyOf(office).backUp({ folder: backup })
    const foundBefore = homes.filter((home) => home.texts.every((text) => inFiles(town.folder, [text]).length > 0)).length
    const gone = someOf(homes, withdrawals, seed)
    for (const { code } of gone) await custodyOf(office).withdraw({ code })
    const traces = await tracesOf(office, town.folder, gone)
    const staying = homes.filter(
      (home) => !gone.includes(home) && home.texts.every((text) => inFiles(town.folder, [text]).length > 0),
    ).length
    const proofs = await Promise.all(gone.map(({ code }) => custodyOf(office).proveWithdrawal({ code })))
    const proven = proofs.filter((entries) => entries.map(({ action }) => action).join() === 'withdrawal.asked,withdrawal.done').length
    const made = await release(office)
    const { kind: chain } = await custodyOf(office).verifyAudit({})
    const later = await tracesOf(office, town.folder, gone)
    await office.close()
    const restored = await restoredTown(town.folder, backup, gone)
    const pair = readPair({ folder: first, id: '2026-11-r1' }, { folder: town.folder, id: made.id })
    const count = (area: string) => gone.filter((home) => home.area === area).length
    return {
      households,
      withdrawn: gone.length,
      foundBefore,
      traces: {
        files: [...new Set([...traces.files, ...later.files])],
        tables: [...new Set([...traces.tables, ...later.tables])],
        stores: traces.stores,
      },
      restored,
      staying,
      proven,
      chainIsWhole: chain === 'whole',
      next: {
        id: made.id,
        small: barangays.filter((area) => count(area) > 0 && count(area) < 10),
        carried: made.carried,
        differing: differing(pair),
        ...pinnedChanges(await loadAttacker(), pair),
      },
    }
  } finally {
    for (const folder of folders) await removeTown({ folder })
  }
}

function someOf(homes: readonly Wanted[], count: number, seed: number): readonly Wanted[] {
  const random = createRandom(seed)
  return homes
    .map((home) => ({ home, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .slice(0, count)
    .map(({ home }) => home)
}

async function wantedOf(office: Office, { household, record, code }: Visited, at: number): Promise<Wanted> {
  const [sealed] = (await office.stores.inbox.read([record.id])) as unknown as readonly SealedRecord[]
  const rows = await office.warehouse.read(async (connection) => {
    const sql = `select household_key::varchar from household where record_id = $id union select person_key::varchar from household_person where record_id = $id`
    return (await connection.runAndReadAll(sql, { id: record.id })).getRows()
  })
  const ciphers = [sealed?.answers, sealed?.identity].flatMap((part) => (part ? [part.sealed.split('.')[3]?.slice(0, 60) ?? ''] : []))
  return { area: household.area, id: record.id, code, texts: [planted(at), ...ciphers], keys: rows.map(([key]) => String(key)) }
}

/** Everything below the data folder, and every table and store, searched for homes that should be nowhere. */
async function tracesOf(office: Office, folder: string, gone: readonly Wanted[]): Promise<WithdrawnTown['traces']> {
  // With the write-ahead log as it is, and again when it was written into the file.
  const texts = gone.flatMap((home) => [...home.texts, home.code, ...home.keys, ...home.keys.map((key) => key.replaceAll('-', ''))])
  const before = inFiles(folder, texts)
  await office.warehouse.checkpoint()
  const files = [...new Set([...before, ...inFiles(folder, texts)])]
  const stores = await Promise.all(
    [office.stores.inbox, office.stores.quarantine].map(async (store) => {
      const ids = gone.map(({ id }) => id)
      return [...(await store.read(ids)).map(({ _id }) => _id), ...(await store.revisionsOf(ids)).keys()]
    }),
  )
  return { files, tables: await inTables(office, gone), stores: stores.flat() }
}

function inFiles(folder: string, texts: readonly string[]): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap(({ parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name))
    return texts.some((text) => bytes.includes(text)) ? [`${parentPath.slice(folder.length)}/${name}`] : []
  })
}

/** That a record was withdrawn stays, for its phone and against old copies: its random id and its hash, in these tables only. */
const ofTheOffice = new Set(['ledger', 'not_counted', 'receipt', 'erasure', 'tombstone'])

async function inTables(office: Office, gone: readonly Wanted[]): Promise<readonly string[]> {
  return office.warehouse.read(async (connection) => {
    const columns = await connection.runAndReadAll(
      `select table_name, column_name, data_type from duckdb_columns() where not internal and database_name = current_database()
       and table_name in (select table_name from duckdb_tables()) and data_type in ('VARCHAR', 'UUID') order by 1, 2`,
    )
    const texts = new Set(gone.flatMap(({ id, texts: some, code, keys }) => [id, ...some, code, ...keys]))
    const found: string[] = []
    for (const [table, column, type] of columns.getRows().map((row) => row.map(String))) {
      const rows = await connection.runAndReadAll(`select distinct "${column}"::varchar from "${table}" where "${column}" is not null`)
      const values = rows.getRows().map(([value]) => String(value))
      const isKept = type === 'VARCHAR' && ofTheOffice.has(table ?? '') && ['record_id', 'root'].includes(column ?? '')
      if (!isKept && values.some((value) => texts.has(value) || gone.some((home) => value.startsWith(home.texts[0] ?? ''))))
        found.push(`${table}.${column}`)
    }
    return found
  })
}

/** The office after its disk was lost: the backup from before the withdrawals, and the audit chain of today. */
async function restoredTown(folder: string, backup: string, gone: readonly Wanted[]): Promise<WithdrawnTown['restored']> {
  const copy = await copyOf(folder)
  try {
    const path = join(copy, 'warehouse', 'tala.duckdb')
    rmSync(`${path}.wal`, { force: true })
    copyFileSync(join(backup, 'warehouse.duckdb'), path)
    const office = await openTown(copy)
    await restoreInbox(backup, office.stores.inbox)
    const { erased } = await custodyOf(office).reapplyWithdrawals({})
    await office.ingest.once()
    const traces = await tracesOf(office, copy, gone)
    await office.close()
    return { erased, ...traces }
  } finally {
    await removeTown({ folder: copy })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      households: { type: 'string', default: '200' },
      withdrawals: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  })
  const report = await withdrawnTown({
    households: Number(values.households),
    withdrawals: Number(values.withdrawals),
    seed: Number(values.seed),
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`)
  const { traces, restored, next } = report
  const isClean = [traces, restored].every(({ files, tables, stores }) => files.length + tables.length + stores.length === 0)
  const isProven = report.proven === report.withdrawn && report.chainIsWhole && restored.erased === report.withdrawn
  const isQuiet = next.pinned.length === 0 && next.small.every((area) => next.carried.includes(area))
  process.exitCode = isClean && isProven && isQuiet && report.foundBefore === report.households ? 0 : 1
}
