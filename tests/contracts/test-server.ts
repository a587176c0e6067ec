import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import express from 'express'
import type { Receipt } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { openKeyRing } from '../../aggregator/custody/key-ring.ts'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { readAreas } from '../../aggregator/fieldwork/areas.ts'
import { authenticateDevice } from '../../aggregator/fieldwork/authenticate.ts'
import { deviceRoutes } from '../../aggregator/fieldwork/device-routes.ts'
import { failureLog } from '../../aggregator/fieldwork/failures.ts'
import { invite, type InvitationRequest } from '../../aggregator/fieldwork/invitations.ts'
import type { ReceiptSource } from '../../aggregator/fieldwork/receipt-source.ts'
import { ensureFirstRound, openDeployment } from '../../aggregator/fieldwork/rounds.ts'
import { httpFoundation } from '../../aggregator/http/foundation.ts'
import { handleProblem, unknownRoute } from '../../aggregator/http/problems.ts'
import { defaultRateLimits, type RateLimits } from '../../aggregator/http/rate-limits.ts'
import type { Stores } from '../../aggregator/inbox/open-stores.ts'
import { syncRoutes } from '../../aggregator/inbox/sync-routes.ts'
import { testStores } from './memory-pouch.ts'
import { TestPhone } from './test-phone.ts'

export interface TestServer {
  readonly url: string
  readonly stores: Stores
  readonly keys: KeyProvider
  readonly receipts: Map<string, Receipt>
  /** Moves the server's clock, in milliseconds. */
  pass(ms: number): void
  invite(request?: InvitationRequest): Promise<string>
  /** A phone that is enrolled. */
  phone(request?: InvitationRequest): Promise<TestPhone>
  close(): Promise<void>
}

export interface TestServerOptions {
  readonly stores?: Stores
  readonly keys?: KeyProvider
  readonly limits?: RateLimits
  readonly clock?: { now: number }
}

/** The gateway and the routes of phones, listening on a free port, on stores in memory unless others are given. */
export async function startServer({
  stores: given,
  keys,
  limits = defaultRateLimits,
  clock = { now: Date.parse('2026-11-21T10:00:00Z') },
}: TestServerOptions = {}): Promise<TestServer> {
  const stores = given ?? (await testStores())
  const ring = keys ?? (await memoryKeys())
  const now = () => new Date(clock.now)
  const receipts = new Map<string, Receipt>()
  const areas = readAreas(
    'code,name,level,parent\n9901000000,Town,municipality,\n9901001000,One,barangay,9901000000\n9901002000,Two,barangay,9901000000\n',
  )
  await ensureFirstRound(stores.office, stores.config, { questionnaire: smallQuestionnaire(), areas, today: now() })
  const { uuid } = await openDeployment(stores.office)
  const authenticate = authenticateDevice({ office: stores.office, keys: ring, now })
  const app = express()
  httpFoundation(app, { publicUrl: 'http://127.0.0.1', trustedProxies: 0 }, limits)
  const onRefused = failureLog(stores.office, now)
  app.use('/sync/v1', syncRoutes({ stores, uuid, authenticate, now, limits, onRefused }))
  app.use('/device', deviceRoutes({ stores, keys: ring, receipts: receiptsOf(receipts), authenticate, now, limits, onRefused }))
  app.use(unknownRoute)
  app.use(handleProblem)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = {
    url,
    stores,
    keys: ring,
    receipts,
    pass: (ms: number) => {
      clock.now += ms
    },
    invite: async (request: InvitationRequest = {}) => (await invite(stores.office, request, now())).code,
    phone: async (request: InvitationRequest = {}) => {
      const phone = new TestPhone(url)
      await phone.enrol(await made.invite(request))
      return phone
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return made
}

export function receiptsOf(receipts: ReadonlyMap<string, Receipt>): ReceiptSource {
  const own = (device: string) => [...receipts.values()].filter(({ id }) => id.startsWith(`r:${device}:`)).toSorted((a, b) => a.seq - b.seq)
  return {
    since: (device, seq, limit) =>
      Promise.resolve(
        own(device)
          .filter((each) => each.seq > seq)
          .slice(0, limit),
      ),
    status: (device, ids) =>
      Promise.resolve(
        new Map(
          own(device)
            .filter(({ id }) => ids.includes(id))
            .map((each) => [each.id, each]),
        ),
      ),
  }
}

export function memoryKeys(): Promise<KeyProvider> {
  return openKeyRing({ load: () => Promise.resolve([]), save: () => Promise.resolve() })
}

export function smallQuestionnaire(version = '1'): Questionnaire {
  const sha256 = createHash('sha256').update(version).digest('hex')
  return {
    schema: 'questionnaire/1',
    engine: 1,
    id: 'household',
    version,
    title: { en: 'Household' },
    languages: [],
    defaultLanguage: 'en',
    items: [],
    lists: {},
    sha256,
  }
}
