import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { openMemoryKeep } from '../../../collector/store/keep.ts'
import { pouchOpener } from '../../../collector/store/pouch.ts'
import { createDevice, type Device, type DeviceEnvironment } from '../../../collector/sync/device.ts'
import { memoryItems, memoryLedger } from '../../../collector/sync/simulated.ts'

let count = 0

/** A device as it runs on a phone, with PouchDB in memory and without a screen. */
export function simulatedDevice(change: Partial<DeviceEnvironment> = {}): Device {
  return createDevice({ ...simulatedEnvironment(), ...change })
}

export function simulatedEnvironment(): DeviceEnvironment {
  // The memory adapter shares databases of one name in a process: each device has its own names.
  const own = `device-${process.pid}-${count++}-`
  const open = pouchOpener(PouchDB, memory, 'memory')
  return {
    fetch: (...request) => globalThis.fetch(...request),
    keep: openMemoryKeep(),
    pouch: (name) => open(own + name),
    ledger: memoryLedger(),
    items: memoryItems(),
    now: () => Date.now(),
    backOff: { wait: async () => {}, chance: () => 0.5, tries: 3 },
  }
}
