import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Keep } from './keep.ts'
import type { OpenPouch, Pouch } from './pouch.ts'
import { takingTurns } from './turns.ts'

/** A record with its revision, as the outbox holds it. */
export type OutboxRecord = SealedRecord & { readonly _rev: string }

/**
 * Finished records, sealed, append-only: one PouchDB per week or 500 records, because deleting documents frees nothing and destroying a database does.
 */
export interface Outbox {
  /**
   * Writes the record once: a second call with the same id, after an interruption, returns what the first one stored.
   */
  put(record: SealedRecord): Promise<{ readonly record: OutboxRecord; readonly outbox: string }>
  /** The records of these ids, wherever they are, or in the outboxes of these names. */
  find(
    ids: readonly string[],
    outboxes?: ReadonlySet<string>,
  ): Promise<readonly { readonly record: OutboxRecord; readonly outbox: string }[]>
  /** The ids of all that is here, without reading the records. */
  ids(): Promise<ReadonlySet<string>>
  all(): Promise<readonly { readonly record: OutboxRecord; readonly outbox: string }[]>
  names(): Promise<readonly string[]>
  /** Frees the space of a whole outbox when the given test holds for the ids really in it, of which there is at least one. */
  destroyIf(name: string, mayGo: (ids: readonly string[]) => boolean): Promise<boolean>
  close(): Promise<void>
}

interface Listed {
  readonly name: string
  readonly week: string
}

const listId = 'outboxes'
const mostRecords = 500

export function openOutbox({ keep, pouch, now }: { keep: Keep; pouch: OpenPouch; now: () => number }): Outbox {
  const open = new Map<string, Pouch>()
  // Writing and destroying never overlap: a record must not land in an outbox that is about to go.
  const oneByOne = takingTurns()
  const list = async () => (await keep.get<readonly Listed[]>('settings', listId)) ?? []
  const database = (name: string): Pouch => {
    const opened = open.get(name) ?? pouch(name)
    open.set(name, opened)
    return opened
  }

  /** The outbox of this week with room; it is listed before the first record goes in, so that none is ever forgotten. */
  const current = async (): Promise<string> => {
    const listed = await list()
    const week = weekOf(now())
    const last = listed.filter((each) => each.week === week).at(-1)
    if (last && (await healing(last.name, (each) => each.info())).doc_count < mostRecords) return last.name
    const name = `outbox-${week}-${listed.filter((each) => each.week === week).length + 1}-${uniqueEnough(now())}`
    await keep.write([['settings', listId, [...listed, { name, week }]]])
    return name
  }

  /** PouchDB's handle is dead after a full disk or when the browser closed it: a new handle works. */
  const healing = async <T>(name: string, work: (database: Pouch) => Promise<T>): Promise<T> => {
    try {
      return await work(database(name))
    } catch {
      open.delete(name)
      await keep.makeRoom()
      return await work(database(name))
    }
  }

  const read = async (options: { readonly keys?: readonly string[] }, outboxes?: ReadonlySet<string>) => {
    const found = []
    for (const { name } of await list()) {
      if (outboxes && !outboxes.has(name)) continue
      const { rows } = await healing(name, (each) => each.allDocs({ ...options, include_docs: true }))
      for (const { doc } of rows) if (doc) found.push({ record: doc as unknown as OutboxRecord, outbox: name })
    }
    return found
  }
  const find: Outbox['find'] = (ids, outboxes) => read({ keys: ids }, outboxes)

  return {
    find,
    async ids() {
      const here = new Set<string>()
      for (const { name } of await list()) {
        const { rows } = await healing(name, (each) => each.allDocs({}))
        for (const { id } of rows) if (id !== undefined) here.add(id)
      }
      return here
    },
    all: () => read({}),
    names: async () => (await list()).map(({ name }) => name),
    put: (record) =>
      oneByOne(async () => {
        const [stored] = await find([record._id])
        if (stored) return stored
        const outbox = await current()
        const revised = { ...record, _rev: firstRevision(record) }
        await healing(outbox, (each) => each.put(revised, { new_edits: false }))
        return { record: revised, outbox }
      }),
    destroyIf: (name, mayGo) =>
      oneByOne(async () => {
        const { rows } = await healing(name, (each) => each.allDocs({}))
        const ids = rows.flatMap(({ id }) => (id === undefined ? [] : [id]))
        // An empty one of an earlier week is what an interrupted destroy left behind.
        if (ids.length === 0 ? name.includes(weekOf(now())) : !mayGo(ids)) return false
        await database(name).destroy()
        open.delete(name)
        const listed = await list()
        // Unlisted last: an interrupted destroy is found and finished, never a listed record lost.
        await keep.write([['settings', listId, listed.filter((each) => each.name !== name)]])
        return true
      }),
    async close() {
      for (const each of open.values()) await each.close()
      open.clear()
    },
  }
}

/** Half of the record's hash: the same for the same record on whatever road it comes, and gzip sends it once. */
export const firstRevision = ({ sha256 }: Pick<SealedRecord, 'sha256'>) => `1-${sha256.slice(0, 32)}`

/** ISO week such as `2026-w47`; only a name, so a wrong clock harms nothing. */
function weekOf(now: number): string {
  const day = new Date(now)
  const thursday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 4 - (day.getUTCDay() || 7)))
  const week = Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7)
  return `${thursday.getUTCFullYear()}-w${String(week).padStart(2, '0')}`
}

const uniqueEnough = (now: number) => Math.abs(Math.floor(now)).toString(36)
