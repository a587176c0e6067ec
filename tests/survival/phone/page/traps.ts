// Holds the page still at one exact point of its work, so that a kill falls there and nowhere else.

/**
 * Writing an answer; about to write a draft whole; while it is written; while its journal goes; the end of sealing; the phone's copy; the outbox;
 * summary line in and draft out; freeing an outbox.
 */
export type Trap = 'save' | 'before checkpoint' | 'checkpoint' | 'entries go' | 'seal' | 'copy' | 'outbox' | 'file' | 'destroy'

let armed: { readonly trap: Trap; left: number } | undefined

/** @param nth how often the point is passed before it holds. */
export function setTrap(trap: Trap, nth: number): void {
  armed = { trap, left: nth }
}

/** A request that blocks the whole page; the harness never answers it, it kills. */
function reach(trap: Trap | undefined): void {
  if (!armed || trap !== armed.trap || armed.left-- > 0) return
  armed = undefined
  const request = new XMLHttpRequest()
  request.open('POST', '/trap', false)
  request.send(trap)
}

const shelves: Readonly<Record<string, Trap>> = { drafts: 'save', journal: 'save', copies: 'copy', records: 'file' }

/** A draft whole and its journal in one transaction, and nothing else. */
const isCheckpoint = (names: string | Iterable<string>) => Array.from(names).toSorted().join(' ') === 'drafts journal'

function trapOf(store: IDBObjectStore): Trap | undefined {
  const { db, objectStoreNames } = store.transaction
  if (db.name === 'tala') return isCheckpoint(objectStoreNames) ? 'checkpoint' : shelves[store.name]
  return db.name.includes('outbox') ? 'outbox' : undefined
}

// oxlint-disable typescript/unbound-method -- each is called with its own `this`
const { put } = IDBObjectStore.prototype
IDBObjectStore.prototype.put = function trapped(...input: Parameters<typeof put>) {
  const request = put.apply(this, input)
  reach(trapOf(this))
  return request
}
const { delete: remove } = IDBObjectStore.prototype
IDBObjectStore.prototype.delete = function trapped(...input: Parameters<typeof remove>) {
  const request = remove.apply(this, input)
  if (this.name === 'journal' && isCheckpoint(this.transaction.objectStoreNames)) reach('entries go')
  return request
}
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function trapped(...input: Parameters<typeof transaction>) {
  if (isCheckpoint(input[0])) reach('before checkpoint')
  return transaction.apply(this, input)
}
const { deleteDatabase } = IDBFactory.prototype
IDBFactory.prototype.deleteDatabase = function trapped(...input: Parameters<typeof deleteDatabase>) {
  const request = deleteDatabase.apply(this, input)
  reach('destroy')
  return request
}
const { digest } = SubtleCrypto.prototype
SubtleCrypto.prototype.digest = function trapped(...input: Parameters<typeof digest>) {
  const result = digest.apply(this, input)
  reach('seal')
  return result
}
// oxlint-enable typescript/unbound-method
