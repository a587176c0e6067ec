import { statfs } from 'node:fs/promises'
import { ProblemError } from '../problem.ts'
import { couchClient, type CouchAddress } from './couch-client.ts'

/** Says whether a record that is accepted now will still be there tomorrow. */
export interface StoreHealth {
  /** @throws ProblemError `storage-full` or `storage-unavailable`: phones keep their records and try again. */
  check(): Promise<void>
}

// Asking the disk or the cluster for each push would cost more than the push.
const rememberMs = 1000

/** Refuses while the disk has less free space than the floor. */
export function diskHealth(folder: string, floorBytes: number, freeBytes = () => freeSpace(folder)): StoreHealth {
  return remembered(async () => {
    if ((await freeBytes()) >= floorBytes) return
    throw new ProblemError('storage-full', 'Records stay on the phone and are sent again when the server has space.')
  })
}

/**
 * Refuses while most nodes of the cluster are away. CouchDB answers 201 to replication even when a single copy was written,
 * so that its answer alone does not show the loss of the quorum.
 */
export function clusterHealth(address: CouchAddress): StoreHealth {
  const client = couchClient(address)
  return remembered(async () => {
    const { body } = await client.send<{ all_nodes?: unknown; cluster_nodes?: unknown }>('GET', '/_membership', undefined, {
      accept: [200],
    })
    const alive = Array.isArray(body.all_nodes) ? body.all_nodes.length : 0
    const known = Array.isArray(body.cluster_nodes) ? body.cluster_nodes.length : 0
    if (alive > known / 2) return
    throw new ProblemError('storage-unavailable', 'Most nodes of the document database are away; send again later.')
  })
}

async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

function remembered(ask: () => Promise<void>): StoreHealth {
  let asked = 0
  let answer: Promise<void> = Promise.resolve()
  return {
    check() {
      const now = performance.now()
      if (asked === 0 || now - asked > rememberMs) {
        asked = now
        answer = ask()
      }
      return answer
    },
  }
}
