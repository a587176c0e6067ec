import PouchDB from 'pouchdb-core'
import httpAdapter from 'pouchdb-adapter-http'
import memoryAdapter from 'pouchdb-adapter-memory'
import replication from 'pouchdb-replication'
import { openMemoryKeep } from '../../collector/store/keep.ts'
import { pouchOpener } from '../../collector/store/pouch.ts'
import { createDevice, type Device } from '../../collector/sync/device.ts'
import { memoryItems, memoryLedger } from '../../collector/sync/simulated.ts'
import type { Random } from './random.ts'

PouchDB.plugin(memoryAdapter).plugin(httpAdapter).plugin(replication)

/** A phone without a screen: the collector's own sync and outbox code, in memory. @param name keeps its databases apart from other phones of this process */
export function simulatedDevice(name: string, random: Random): Device {
  return createDevice({
    fetch: (...request) => globalThis.fetch(...request),
    keep: openMemoryKeep(),
    pouch: pouchOpener(PouchDB.defaults({ prefix: `${name}-` } as never), { adapter: 'memory' }),
    ledger: memoryLedger(),
    items: memoryItems(),
    now: () => Date.now(),
    backOff: { wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), chance: () => random.next(), tries: 5 },
  })
}
