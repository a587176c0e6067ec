// Holds the page still at one exact point of its work, so that a kill falls there and nowhere else.

/** Writing an answer; the end of sealing; the phone's copy; the outbox; summary line in and draft out; freeing an outbox. */
export type Trap = 'save' | 'seal' | 'copy' | 'outbox' | 'file' | 'destroy'

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

const shelves: Readonly<Record<string, Trap>> = { drafts: 'save', copies: 'copy', records: 'file' }

function trapOf(store: IDBObjectStore): Trap | undefined {
  const { name } = store.transaction.db
  return name === 'tala' ? shelves[store.name] : name.includes('outbox') ? 'outbox' : undefined
}

// oxlint-disable typescript/unbound-method -- each is called with its own `this`
const { put } = IDBObjectStore.prototype
IDBObjectStore.prototype.put = function trapped(...input: Parameters<typeof put>) {
  const request = put.apply(this, input)
  reach(trapOf(this))
  return request
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
