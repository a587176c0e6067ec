import http from 'pouchdb-adapter-http'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { openMemoryKeep } from '../../../collector/store/keep.ts'
import { pouchOpener, withPlugins } from '../../../collector/store/pouch.ts'
import { createDevice, type Device, type DeviceEnvironment } from '../../../collector/sync/device.ts'
import { memoryItems, memoryLedger } from '../../../collector/sync/simulated.ts'

let count = 0

/** A device as it runs on a phone, with PouchDB in memory and without a screen. */
export function simulatedDevice(change: Partial<DeviceEnvironment> = {}): Device {
  return createDevice({ ...simulatedEnvironment(), ...change })
}

export function simulatedEnvironment(): DeviceEnvironment {
  const Pouch = withPlugins(PouchDB, [memory, http], replication)
  // The memory adapter shares databases of one name in a process: each device has its own names.
  const own = `device-${process.pid}-${count++}-`
  const opener = pouchOpener(Pouch, { adapter: 'memory' })
  return {
    fetch: (...request) => globalThis.fetch(...request),
    keep: openMemoryKeep(),
    pouch: { ...opener, local: (name) => opener.local(own + name) },
    ledger: memoryLedger(),
    items: memoryItems(),
    now: () => Date.now(),
    backOff: { wait: async () => {}, chance: () => 0.5, tries: 3 },
  }
}
