import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { authenticateDevice } from '../../../aggregator/fieldwork/authenticate.ts'
import { deviceRoutes } from '../../../aggregator/fieldwork/device-routes.ts'
import { revokeDevice } from '../../../aggregator/fieldwork/devices.ts'
import { enrolmentLink } from '../../../aggregator/fieldwork/enrolment-link.ts'
import { invite } from '../../../aggregator/fieldwork/invitations.ts'
import type { ReceiptSource } from '../../../aggregator/fieldwork/receipt-source.ts'
import { ensureFirstRound, openDeployment, publishQuestionnaire } from '../../../aggregator/fieldwork/rounds.ts'
import { requestId } from '../../../aggregator/http/foundation.ts'
import { handleProblem } from '../../../aggregator/http/problems.ts'
import { openStores, type Stores } from '../../../aggregator/inbox/open-stores.ts'
import { syncRoutes } from '../../../aggregator/inbox/sync-routes.ts'
import { canonicalJson } from '../../../schemas/canonical.ts'
import type { Receipt, SealedRecord } from '../../../schemas/generated/records.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { createHash } from 'node:crypto'

/** The real gateway and device routes over the real embedded store; only receipts are written by hand instead of by ingest. */
export interface FieldServer {
  readonly url: string
  readonly stores: Stores
  readonly keys: KeyProvider
  /** @param device invites a known device again. */
  link(device?: string): Promise<string>
  revoke(device: string): Promise<void>
  publish(questionnaire: Questionnaire): Promise<void>
  /** All records in the inbox. */
  records(): Promise<readonly SealedRecord[]>
  /** Writes a receipt for every record of the inbox that has none. */
  receiptAll(status?: Receipt['status'], backedUp?: boolean, reasons?: Receipt['reasons']): Promise<void>
  /** Method and path of every request since the last call. */
  requests(): readonly string[]
  /** Bytes of all request bodies as they came, since the last call. */
  bytes(): number
  close(): Promise<void>
}

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000)

/** @param before runs ahead of every route: proxies, login pages and other trouble; `serve` is a folder for /collector/. */
export async function openFieldServer(
  questionnaire: Questionnaire,
  { before, serve, port = 0, folder }: { before?: RequestHandler; serve?: string; port?: number; folder?: string } = {},
): Promise<FieldServer> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'tala-field-')))
  const stores = await openStores({ dataFolder: data, couchdbUrl: null, diskFloorBytes: 0 })
  const keys = await openKeyring(join(data, 'keys'))
  const { office, config } = stores
  const areas = [{ code: '1234567890', name: 'Sample', level: 'barangay' as const }]
  await ensureFirstRound(office, config, { questionnaire: hashed(questionnaire), areas, today: day(-1) })
  const { uuid } = await openDeployment(office)
  const receipts = memoryReceipts()
  // A gateway may take up to 30 s to notice a revocation: the test's server lets them pass at once.
  let ahead = 0
  const authenticate = authenticateDevice({ office, keys, now: () => new Date(Date.now() + ahead) })
  let seen: string[] = []
  let bytes = 0
  const app = express()
  app.use(requestId)
  app.use((request, _response, next) => {
    if (!request.path.startsWith('/collector')) seen.push(`${request.method} ${request.path}`)
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.pause()
    next()
  })
  if (before) app.use(before)
  const limits = { perAddress: 1e6, failuresPerAddress: 1e6, perDevice: 1e6 }
  app.use('/sync/v1', syncRoutes({ stores, uuid, authenticate, limits }))
  app.use('/device', deviceRoutes({ stores, keys, receipts, authenticate, limits }))
  if (serve) app.use('/collector', express.static(serve))
  app.use(handleProblem)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    stores,
    keys,
    link: async (device) => enrolmentLink(url, (await invite(office, device === undefined ? {} : { device }, new Date())).code),
    async revoke(device) {
      await revokeDevice(office, device, 'lost', new Date())
      ahead += 30_000
    },
    publish: (each) => publishQuestionnaire(config, hashed(each)),
    records: async () =>
      (await stores.inbox.changes(null, 10_000)).changes
        .filter(({ deleted }) => !deleted)
        .map(({ document }) => document as unknown as SealedRecord),
    async receiptAll(status = 'accepted', backedUp = false, reasons = []) {
      const { changes } = await stores.inbox.changes(null, 10_000)
      for (const { document } of changes) receipts.add(document as unknown as SealedRecord, { status, backedUp, reasons })
    },
    requests() {
      const past = seen
      seen = []
      return past
    },
    bytes() {
      const past = bytes
      bytes = 0
      return past
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stores.close()
      if (folder === undefined) await rm(data, { recursive: true, force: true })
    },
  }
}

/** The questionnaire with the hash of its content, as compiling gives it. */
export function hashed({ sha256: _before, ...content }: Questionnaire): Questionnaire {
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

function memoryReceipts() {
  const kept: { device: string; receipt: Receipt }[] = []
  const source: ReceiptSource = {
    since: async (device, seq, limit) =>
      kept
        .filter((each) => each.device === device && each.receipt.seq > seq)
        .slice(0, limit)
        .map(({ receipt }) => receipt),
    status: async (device, ids) =>
      new Map(kept.filter((each) => each.device === device && ids.includes(each.receipt.id)).map(({ receipt }) => [receipt.id, receipt])),
  }
  return {
    ...source,
    add({ _id, sha256 }: SealedRecord, about: Pick<Receipt, 'status' | 'backedUp' | 'reasons'>) {
      kept.push({ device: _id.split(':')[1] ?? '', receipt: { schema: 'receipt/1', id: _id, sha256, seq: kept.length + 1, ...about } })
    },
  }
}
