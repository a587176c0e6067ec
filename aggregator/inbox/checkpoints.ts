import { ProblemError } from '../problem.ts'
import type { InboxStore } from './store.ts'

interface Entry {
  readonly rev: number
  readonly written: number
  readonly body: Readonly<Record<string, unknown>>
}
interface DeviceCheckpoints {
  readonly _rev?: string
  readonly entries: Readonly<Record<string, Entry>>
}

// An outbox lives for a week or 500 records; a forgotten checkpoint only makes the phone compare its records again.
const kept = 8

/** Replication checkpoints of a device, all in one local document beside the records: a restored store loses both together. */
export async function readCheckpoint(store: InboxStore, device: string, id: string) {
  if (!isCheckpointId(id)) return undefined
  const entry = (await load(store, device)).entries[id]
  return entry && { ...entry.body, _id: `_local/${id}`, _rev: `0-${entry.rev}` }
}

/** @throws ProblemError `conflict` when the given `_rev` is not the stored one, as CouchDB does. */
export async function writeCheckpoint(store: InboxStore, device: string, id: string, body: unknown): Promise<{ readonly rev: string }> {
  if (!isCheckpointId(id) || typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProblemError('invalid-request', 'A checkpoint is an object with a short id.')
  }
  const { _id: _, _rev, ...content } = body as Record<string, unknown>
  const checkpoints = await load(store, device)
  const before = checkpoints.entries[id]
  if ((before ? `0-${before.rev}` : undefined) !== _rev) throw new ProblemError('conflict', 'Read the checkpoint again.')
  const latest = Math.max(0, ...Object.values(checkpoints.entries).map(({ written }) => written))
  const entry: Entry = { rev: (before?.rev ?? 0) + 1, written: latest + 1, body: content }
  const entries = Object.entries({ ...checkpoints.entries, [id]: entry })
    .toSorted(([, a], [, b]) => b.written - a.written)
    .slice(0, kept)
  await store.putLocal(`checkpoints:${device}`, { ...checkpoints, entries: Object.fromEntries(entries) })
  return { rev: `0-${entry.rev}` }
}

async function load(store: InboxStore, device: string): Promise<DeviceCheckpoints> {
  const found = await store.getLocal(`checkpoints:${device}`)
  if (!found) return { entries: {} }
  return { _rev: String(found['_rev']), entries: found['entries'] as DeviceCheckpoints['entries'] }
}

const isCheckpointId = (id: string) => /^[A-Za-z0-9._=%-]{1,64}$/.test(id) && id !== '__proto__'
