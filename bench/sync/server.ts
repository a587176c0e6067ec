// A gateway in a process of its own, for the bench: over LevelDB, over CouchDB, or over a store that keeps nothing (the floor of the protocol).
import { mkdtemp, rm } from 'node:fs/promises'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Receipt } from '../../schemas/generated/records.ts'
import { openKeyring } from '../../aggregator/custody/file-keyring.ts'
import { readAreas } from '../../aggregator/fieldwork/areas.ts'
import { authenticateDevice } from '../../aggregator/fieldwork/authenticate.ts'
import { deviceRoutes } from '../../aggregator/fieldwork/device-routes.ts'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import type { ReceiptSource } from '../../aggregator/fieldwork/receipt-source.ts'
import { ensureFirstRound } from '../../aggregator/fieldwork/rounds.ts'
import { httpFoundation } from '../../aggregator/http/foundation.ts'
import { handleProblem } from '../../aggregator/http/problems.ts'
import { openStores, type Stores } from '../../aggregator/inbox/open-stores.ts'
import type { InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import { syncRoutes } from '../../aggregator/inbox/sync-routes.ts'

export type StoreKind = 'embedded' | 'discards' | 'couchdb'
export type Ask = { readonly ask: 'invite'; readonly count: number } | { readonly ask: 'count' } | { readonly ask: 'stop' }

const kind = process.argv[2] as StoreKind
const folder = await mkdtemp(join(tmpdir(), 'tala-bench-'))
const written = new Map<string, string>()
/** Stands for an ingest that has taken in and backed up what the inbox has. */
const everythingIsSafe: ReceiptSource = {
  since: () => Promise.resolve([]),
  status: async (_device, ids) =>
    new Map(
      ids.flatMap((id): [string, Receipt][] => {
        const sha256 = written.get(id)
        return sha256 === undefined
          ? []
          : [[id, { schema: 'receipt/1', id, sha256, status: 'accepted', reasons: [], seq: 1, backedUp: true }]]
      }),
    ),
}
const stores = await openBenchStores()
const keys = await openKeyring(join(folder, 'keys'))
const now = () => new Date()
const questionnaire = JSON.parse(
  await readFile(new URL('../../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
const areas = readAreas(await readFile(new URL('../../aggregator/fieldwork/example-areas.csv', import.meta.url), 'utf8'))
await ensureFirstRound(stores.office, stores.config, { questionnaire, areas, today: now() })
const authenticate = authenticateDevice({ office: stores.office, keys, now })
const app = express()
httpFoundation(app, { publicUrl: 'http://127.0.0.1', trustedProxies: 0 })
app.use('/sync/v1', syncRoutes({ stores, uuid: 'bench', authenticate }))
app.use('/device', deviceRoutes({ stores, keys, receipts: everythingIsSafe, authenticate }))
app.use(handleProblem)
const server = createServer(app)
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))

// The bench that started it is gone, however it ended.
process.on('disconnect', () => process.exit())
process.on('message', (message: Ask) => {
  void answer(message).then((reply) => process.connected && process.send?.({ reply }))
})

async function answer(message: Ask): Promise<unknown> {
  switch (message.ask) {
    case 'invite': {
      const codes: string[] = []
      for (let made = 0; made < message.count; made += 1) codes.push((await invite(stores.office, {}, now())).code)
      return codes
    }
    case 'count':
      return (await stores.inbox.info()).count
    case 'stop':
      server.closeAllConnections()
      await stores.close()
      await rm(folder, { recursive: true, force: true })
      process.disconnect()
      return null
    default:
      return message satisfies never
  }
}

async function openBenchStores(): Promise<Stores> {
  const couchdbUrl = kind === 'couchdb' ? (process.env['COUCHDB_URL'] ?? null) : null
  const opened = await openStores({ dataFolder: folder, couchdbUrl, diskFloorBytes: 0 })
  return { ...opened, inbox: noting(kind === 'discards' ? discarding(opened.inbox) : opened.inbox) }
}

/** Notes the hash of what was written, for the receipts. */
function noting(store: InboxStore): InboxStore {
  return Object.assign(Object.create(store) as InboxStore, {
    bulkWrite: async (documents: readonly StoredDocument[]) => {
      await store.bulkWrite(documents)
      for (const each of documents) written.set(each._id, String(each['sha256']))
    },
  })
}

/** Takes everything and keeps nothing. */
function discarding(store: InboxStore): InboxStore {
  const local = new Map<string, Record<string, unknown>>()
  return Object.assign(Object.create(store) as InboxStore, {
    revsDiff: (wanted: Readonly<Record<string, readonly string[]>>) =>
      Promise.resolve(Object.fromEntries(Object.entries(wanted).map(([id, missing]) => [id, { missing }]))),
    revisionsOf: () => Promise.resolve(new Map()),
    read: () => Promise.resolve([]),
    bulkWrite: () => Promise.resolve(),
    info: () => Promise.resolve({ updateSeq: '0', count: written.size }),
    // Checkpoints are part of the protocol: PouchDB never ends when they are forgotten.
    getLocal: (id: string) => Promise.resolve(local.get(id)),
    putLocal: (id: string, body: object) => {
      local.set(id, { ...body, _rev: '0-1' })
      return Promise.resolve({ rev: '0-1' })
    },
  })
}
