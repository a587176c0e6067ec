// The real phone without its screens: tests drive `openPhone` and the parts below it in a real browser.
import { openIndexedDbKeep } from '../../../../collector/store/indexed-db-keep.ts'
import { openPhone } from '../../../../collector/store/open-phone.ts'
import { openIdbPouch } from '../../../../collector/store/open-pouch.ts'
import { openOutbox } from '../../../../collector/store/outbox.ts'
import { derivePinKeyInWorker } from '../../../../collector/vault/pin-key-in-worker.ts'
import { createVault } from '../../../../collector/vault/vault.ts'

export const parts = { openPhone, openIndexedDbKeep, openIdbPouch, openOutbox, createVault, derivePinKeyInWorker }

Object.assign(globalThis, { tala: parts })
document.title = 'ready'
