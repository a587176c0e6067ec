// A store that was restored from a backup has forgotten changes that its reader has seen, and fills their places in the feed with others.
// Comparing numbers finds that only until the feed has grown past the reader's position. So each position that is handed out carries a
// word that the store keeps; a store that does not know the word is not the one that gave it, and is read again from the beginning.
import { randomBytes } from 'node:crypto'
import type { InboxStore } from './store.ts'

const localId = 'feed-positions'
// One word per page that was read: a reader restored from a backup of its own is this many pages behind before it reads everything again.
const kept = 200

/** The same store with a feed whose positions survive only in the store they belong to. Reading all again is safe: ingest knows (id, rev). */
export function rewindSafeFeed(store: InboxStore, onRewind: () => void = () => {}): InboxStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'changes') return changes
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member
    },
  })

  async function changes(since: string | null, limit: number) {
    const local = await store.getLocal(localId)
    const known = (local?.['words'] ?? []) as readonly string[]
    const { position, word } = partsOf(since)
    const trusted = since === null || known.includes(word)
    if (!trusted) onRewind()
    const page = await store.changes(trusted ? position : null, limit)
    if (page.changes.length === 0) return { changes: page.changes, lastSeq: trusted && since !== null ? since : await signed(page.lastSeq) }
    return { changes: page.changes, lastSeq: await signed(page.lastSeq) }

    async function signed(seq: string): Promise<string> {
      const made = randomBytes(9).toString('base64url')
      // Durable before the reader can store the position: a position is never ahead of the word that proves it.
      await store.putLocal(localId, { ...local, words: [...known, made].slice(-kept) })
      return `${seq}~${made}`
    }
  }
}

function partsOf(since: string | null): { readonly position: string | null; readonly word: string } {
  if (since === null) return { position: null, word: '' }
  const at = since.lastIndexOf('~')
  return at < 0 ? { position: since, word: '' } : { position: since.slice(0, at), word: since.slice(at + 1) }
}
