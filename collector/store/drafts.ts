import type { Draft } from '../phone.ts'
import { base64url } from '../vault/bytes.ts'
import { lockAway, type Locked, unlockValue } from '../vault/secrets.ts'
import { type Change, changesBetween, makeChanges } from './changes.ts'
import type { Keep, Write } from './keep.ts'

/**
 * The open interviews: whole in memory, on the disk a checkpoint of each and a journal of what changed since, so that an answer costs one small
 * write however large the household is. Both are encrypted. Calls take turns with whoever else writes the same draft.
 */
export interface Drafts {
  known(): readonly Draft[]
  get(id: string): Draft | undefined
  /** Durable when it resolves: as an entry of the journal, or whole where there is no checkpoint to follow. */
  save(draft: Draft): Promise<void>
  /** True when so much was written since the checkpoint of this draft that a quiet moment should be used for the next. */
  isDue(id: string): boolean
  /** Writes a draft whole and frees its journal, together or not at all. */
  checkpoint(id: string): Promise<void>
  /** What takes a draft off the disk, for a change that belongs together with others; call `forget` when it is written. */
  remove(id: string): Promise<readonly Write[]>
  forget(id: string): void
}

interface Open {
  readonly draft: Draft
  /** Names the checkpoint that the journal follows; undefined when entries of it cannot be read, and the next save must be whole. */
  readonly follows: string | undefined
  /** Ids of its entries on the disk. */
  readonly journal: readonly string[]
}

/** Entries after which a checkpoint is due; on a screen without a question, where nobody is about to answer, the fewer. */
const mostEntries = 100
const restingEntries = 20

export async function openDrafts(keep: Keep, key: CryptoKey): Promise<Drafts> {
  const [checkpoints, entries] = await Promise.all([keep.all<Locked>('drafts'), keep.all<Locked>('journal')])
  const journalOf = (id: string) => entries.filter(([entry]) => draftOf(entry) === id)
  const opened = await Promise.all(checkpoints.map(([id, locked]) => replay(key, id, locked, journalOf(id))))
  const open = new Map(opened.map((each) => [each.draft.id, each]))

  const whole = async (draft: Draft) => {
    const locked = await lockAway(key, `drafts/${draft.id}`, draft)
    const gone = (open.get(draft.id)?.journal ?? []).map((entry) => ['journal', entry] as const)
    await keep.write([['drafts', draft.id, locked], ...gone])
    open.set(draft.id, { draft, follows: nameOf(locked), journal: [] })
  }

  return {
    known: () => [...open.values()].map(({ draft }) => draft),
    get: (id) => open.get(id)?.draft,
    async save(draft) {
      const before = open.get(draft.id)
      if (before?.follows === undefined) return await whole(draft)
      const changes = changesBetween(before.draft, draft)
      const entry = entryId(draft.id, before.journal.length + 1)
      if (changes.length > 0) await keep.write([['journal', entry, await lockAway(key, placeOf(entry, before.follows), changes)]])
      open.set(draft.id, { ...before, draft, journal: changes.length > 0 ? [...before.journal, entry] : before.journal })
    },
    isDue(id) {
      const { draft, journal = [], follows } = open.get(id) ?? {}
      return draft !== undefined && (!follows || journal.length >= (draft.place.screen === 'question' ? mostEntries : restingEntries))
    },
    async checkpoint(id) {
      const { draft, journal = [], follows } = open.get(id) ?? {}
      if (draft && (!follows || journal.length > 0)) await whole(draft)
    },
    // Asked of the disk: a finished draft is forgotten before it is off it.
    remove: async (id) => [
      ['drafts', id],
      ...(await keep.ids('journal')).filter((entry) => draftOf(entry) === id).map((entry) => ['journal', entry] as const),
    ],
    forget: (id) => void open.delete(id),
  }
}

/**
 * The draft as it was last durable. An entry opens only in its place after its own checkpoint: one that is missing, damaged, moved or left over
 * from an earlier checkpoint ends the reading there, and the draft says so.
 */
async function replay(key: CryptoKey, id: string, locked: Locked, journal: readonly (readonly [string, Locked])[]): Promise<Open> {
  const draft = await unlockValue<Draft>(key, `drafts/${id}`, locked)
  const follows = nameOf(locked)
  const read = await Promise.all(
    journal.map(async ([entry, each], at) =>
      entry === entryId(id, at + 1)
        ? await unlockValue<readonly Change[]>(key, placeOf(entry, follows), each).catch(() => undefined)
        : undefined,
    ),
  )
  const end = read.indexOf(undefined)
  for (const changes of end === -1 ? read : read.slice(0, end)) makeChanges(draft, changes ?? [])
  const ids = journal.map(([entry]) => entry)
  return end === -1 ? { draft, follows, journal: ids } : { draft: { ...draft, torn: true }, follows: undefined, journal: ids }
}

const nameOf = ({ iv }: Locked) => base64url(iv)
const entryId = (draft: string, number: number) => `${draft}/${String(number).padStart(6, '0')}`
const draftOf = (entry: string) => entry.slice(0, entry.lastIndexOf('/'))
/** Authenticated with the entry: its draft, its number, and the checkpoint it follows. */
const placeOf = (entry: string, follows: string) => `journal/${entry}/${follows}`
