import { setTimeout as pause } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import type { InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { household, samples, sealer } from '../ingest/made-up.ts'

const sampleHomes = 100
/** Interviewers work through an area before they go to the next. */
const homesPerArea = 100

/** Makes sealed interviews of homes in all areas of the round, as phones send them; each is another home. */
export function createHomes(keys: KeyProvider, round: Round): (count: number) => readonly StoredDocument[] {
  const plain = samples(sampleHomes)
  const seal = sealer(keys)
  const parents = new Set(round.areas.map(({ parent }) => parent))
  const leaves = round.areas.filter(({ code }) => !parents.has(code)).map(({ code }) => code)
  let made = 0
  return (count) =>
    Array.from({ length: count }, () => {
      const number = made++
      const { interview, identity } = household(plain, number)
      const area = leaves[(Math.floor(number / homesPerArea) * 37) % leaves.length] ?? ''
      return seal({ interview: { ...interview, round: round.id, area, answers: { ...interview.answers, A01: area } }, identity })
    })
}

const perWrite = 50
const perBulk = 1_000

/** Writes documents to the inbox at an even pace, and stops when told to. Returns how many were written. */
export async function arrive(
  inbox: InboxStore,
  documents: readonly StoredDocument[],
  perSecond: number,
  signal: AbortSignal,
): Promise<number> {
  const began = performance.now()
  for (let written = 0; written < documents.length; written += perWrite) {
    await pause(Math.max(0, began + (written * 1000) / perSecond - performance.now()))
    if (signal.aborted) return written
    await inbox.bulkWrite(documents.slice(written, written + perWrite))
  }
  return documents.length
}

/** Writes documents to the inbox as fast as it takes them. */
export async function fillInbox(inbox: InboxStore, documents: readonly StoredDocument[]): Promise<void> {
  for (let written = 0; written < documents.length; written += perBulk) await inbox.bulkWrite(documents.slice(written, written + perBulk))
}

/** Copies the census into the tables of a warehouse that is not open. */
export async function copyCensus(warehouse: string, census: string): Promise<void> {
  const instance = await DuckDBInstance.create(warehouse, { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  await connection.run(`ATTACH '${census.replaceAll("'", "''")}' AS census (READ_ONLY)`)
  for (const table of ['household', 'household_person']) await connection.run(`INSERT INTO ${table} BY NAME SELECT * FROM census.${table}`)
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
}
