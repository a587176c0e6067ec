import memoryAdapter from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { openMemoryKeep } from '../../collector/store/keep.ts'
import { pouchOpener } from '../../collector/store/pouch.ts'
import { createDevice, type Device } from '../../collector/sync/device.ts'
import { memoryItems, memoryLedger } from '../../collector/sync/simulated.ts'
import type { Random } from './random.ts'

/**
 * A phone without a screen: the collector's own sync and outbox code, in memory.
 * @param name keeps its databases apart from those of the other phones of this process
 */
export function simulatedDevice(name: string, random: Random): Device {
  const open = pouchOpener(PouchDB, memoryAdapter, 'memory')
  return createDevice({
    fetch: (...request) => globalThis.fetch(...request),
    keep: openMemoryKeep(),
    pouch: (database) => open(`${name}-${database}`),
    ledger: memoryLedger(),
    items: memoryItems(),
    now: () => Date.now(),
    backOff: { wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), chance: () => random.next(), tries: 5 },
  })
}
