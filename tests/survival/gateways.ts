// Two gateways behind one store, built once: the app is the real one, what lies behind it is that of the schedule at hand.
import express, { type Express, type RequestHandler } from 'express'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { authenticateDevice } from '../../aggregator/fieldwork/authenticate.ts'
import { deviceRoutes } from '../../aggregator/fieldwork/device-routes.ts'
import { failureLog } from '../../aggregator/fieldwork/failures.ts'
import type { ReceiptSource } from '../../aggregator/fieldwork/receipt-source.ts'
import { requestId } from '../../aggregator/http/foundation.ts'
import { handleProblem, unknownRoute } from '../../aggregator/http/problems.ts'
import type { Stores } from '../../aggregator/inbox/open-stores.ts'
import { syncRoutes } from '../../aggregator/inbox/sync-routes.ts'
import type { Undo } from './undo.ts'
import { naiveRoutes, strictTokens } from './without-safeguards.ts'
import { inject, type Fetch } from './inject.ts'

export interface Behind {
  readonly stores: Pick<Stores, 'inbox' | 'quarantine' | 'config' | 'office' | 'health'>
  readonly receipts: ReceiptSource
  readonly now: () => Date
  readonly undo: ReadonlySet<Undo>
}

export interface Gateways {
  readonly keys: KeyProvider
  /** Sends requests to the first or second gateway. */
  readonly fetch: readonly [Fetch, Fetch]
  /** What lies behind both from now on; their memories are empty. */
  use(behind: Behind): void
  /** Forgets what the gateway had in memory. */
  restart(gateway: number): void
}

const unlimited = { perAddress: 1e9, failuresPerAddress: 1e9, perDevice: 1e9 }

export function openGateways(keys: KeyProvider): Gateways {
  let behind: Behind | undefined
  const current = (): Behind => {
    if (!behind) throw new TypeError('no schedule is running')
    return behind
  }
  const stores: Behind['stores'] = {
    inbox: delegating(() => current().stores.inbox),
    quarantine: delegating(() => current().stores.quarantine),
    config: delegating(() => current().stores.config),
    office: delegating(() => current().stores.office),
    health: delegating(() => current().stores.health),
  }
  const receipts: ReceiptSource = delegating(() => current().receipts)
  const now = () => current().now()
  const made = () => authenticateDevice({ office: stores.office, keys, now })
  const doors: [RequestHandler, RequestHandler] = [made(), made()]
  const app = (gateway: 0 | 1): Express => {
    const authenticate: RequestHandler = (request, response, next) => doors[gateway](request, response, next)
    return express()
      .use(requestId)
      .use(naiveRoutes(() => current()))
      .use(strictTokens(() => current()))
      .use(
        '/sync/v1',
        syncRoutes({ stores, uuid: 'simulated', authenticate, now, limits: unlimited, onRefused: failureLog(stores.office, now) }),
      )
      .use('/device', deviceRoutes({ stores, keys, receipts, authenticate, now, limits: unlimited }))
      .use(unknownRoute)
      .use(handleProblem)
  }
  return {
    keys,
    fetch: [inject(app(0)), inject(app(1))],
    use(next) {
      behind = next
      doors[0] = made()
      doors[1] = made()
    },
    restart(gateway) {
      doors[gateway === 0 ? 0 : 1] = made()
    },
  }
}

/** An object whose methods are looked up at each call. */
function delegating<T extends object>(target: () => T): T {
  const call =
    (name: string | symbol) =>
    (...given: unknown[]) =>
      (Reflect.get(target(), name) as (...all: unknown[]) => unknown).apply(target(), given)
  return new Proxy({} as T, { get: (_empty, name) => call(name) })
}
