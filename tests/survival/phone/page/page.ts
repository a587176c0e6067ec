// The real phone without its screens: tests drive `openPhone` and the parts below it in a real browser.
import { openIndexedDbKeep } from '../../../../collector/store/indexed-db-keep.ts'
import { openPhone } from '../../../../collector/store/open-phone.ts'
import { openIdbPouch } from '../../../../collector/store/open-pouch.ts'
import { openOutbox } from '../../../../collector/store/outbox.ts'
import { appVersion } from '../../../../collector/sync/app-version.ts'
import { derivePinKeyInWorker } from '../../../../collector/vault/pin-key-in-worker.ts'
import { createVault } from '../../../../collector/vault/vault.ts'

import { interviewUntilKilled } from './enumerator.ts'

/** Closes every IndexedDB handle of this page behind the phone's back, as Chromium does after a full disk. */
async function loseHandles(): Promise<void> {
  for (const database of handles.splice(0)) database.close()
}

const handles: IDBDatabase[] = []
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const originalOpen = IDBFactory.prototype.open
IDBFactory.prototype.open = function open(...input: Parameters<typeof originalOpen>) {
  const request = originalOpen.apply(this, input)
  request.addEventListener('success', () => handles.push(request.result))
  return request
}

export const parts = {
  appVersion,
  interviewUntilKilled,
  loseHandles,
  openPhone,
  openIndexedDbKeep,
  openIdbPouch,
  openOutbox,
  createVault,
  derivePinKeyInWorker,
}

Object.assign(globalThis, { tala: parts })
document.title = 'ready'
