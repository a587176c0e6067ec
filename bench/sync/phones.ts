import http from 'pouchdb-adapter-http'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { openMemoryKeep } from '../../collector/store/keep.ts'
import { pouchOpener } from '../../collector/store/pouch.ts'
import { createDevice, type Device } from '../../collector/sync/device.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import { memoryItems, memoryLedger } from '../../collector/sync/simulated.ts'

export interface Phone {
  readonly device: Device
  readonly enrolment: Enrolment
  /** The token of its last request, for contestants that speak for it. */
  token(): string
}

/** Stock PouchDB with its plugins, in memory. */
export function stockPouch(): PouchDB.Static {
  PouchDB.plugin(memory).plugin(http)
  // The replication plugin defines a property that cannot be defined twice.
  return 'replicate' in PouchDB ? PouchDB : PouchDB.plugin(replication)
}

/** A phone of the product: its own sync code over PouchDB in memory; enrolled, and everything for everybody pulled. */
export async function openPhone(url: string, code: string, name: string): Promise<Phone> {
  let token = ''
  const open = pouchOpener(PouchDB, memory, 'memory')
  const device = createDevice({
    fetch: (input, options) => {
      token = new Headers(options?.headers).get('Authorization') ?? token
      return globalThis.fetch(input, options)
    },
    keep: openMemoryKeep(),
    pouch: (database) => open(`${name}-${process.pid}-${database}`),
    ledger: memoryLedger(),
    items: memoryItems(),
    now: () => Date.now(),
    backOff: { wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), chance: Math.random, tries: 12 },
  })
  const enrolment = await persistently(() => device.enrol(`${url}/collector/#enrol=${code}`))
  await device.sync()
  return { device, enrolment, token: () => token }
}

/** On a bad link an enrolment takes more than one try; the link stays good until an answer arrived. */
async function persistently<T>(work: () => Promise<T>, tries = 8): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (tries <= 1) throw error
    return persistently(work, tries - 1)
  }
}
