// The real phone without its screens: tests drive `openPhone` and the parts below it in a real browser.
import { openIndexedDbKeep } from '../../../../collector/store/indexed-db-keep.ts'
import { openPhone } from '../../../../collector/store/open-phone.ts'
import { openIdbPouch } from '../../../../collector/store/open-pouch.ts'
import { openOutbox } from '../../../../collector/store/outbox.ts'
import { appVersion } from '../../../../collector/sync/app-version.ts'
import { lockAway, lockText } from '../../../../collector/vault/secrets.ts'
import { derivePinKeyInWorker } from '../../../../collector/vault/pin-key-in-worker.ts'
import { createVault } from '../../../../collector/vault/vault.ts'

import { keepBreaches } from './keep-contract.ts'
import { interviewUntilKilled } from './enumerator.ts'
import { setTrap } from './traps.ts'

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

/**
 * Medians in milliseconds of saving a value with and without its encryption, taken in turns; `encrypt` is encryption alone.
 * @param value about the size of an interview.
 */
async function measureSave(
  value: unknown,
  rounds: number,
): Promise<{ encrypt: number; plain: number; locked: number; bytes: number; lockedBytes: number }> {
  const keep = await openIndexedDbKeep('measure')
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const text = JSON.stringify(value)
  const times: Record<'encrypt' | 'plain' | 'locked', number[]> = { encrypt: [], plain: [], locked: [] }
  const timed = async (name: keyof typeof times, work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    times[name].push(performance.now() - start)
  }
  for (let each = 0; each < rounds; each++) {
    // Ten at once: the browser's clock ticks in tenths of a millisecond.
    await timed('encrypt', async () => {
      for (let ten = 0; ten < 10; ten++) await lockText(key, 'drafts/measure', text)
    })
    await timed('plain', () => keep.write([['drafts', 'plain', value]]))
    await timed('locked', async () => keep.write([['drafts', 'locked', await lockAway(key, 'drafts/measure', value)]]))
  }
  const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  const { bytes } = await lockAway(key, 'drafts/measure', value)
  return {
    encrypt: median(times.encrypt) / 10,
    plain: median(times.plain),
    locked: median(times.locked),
    bytes: JSON.stringify(value).length,
    lockedBytes: bytes.length,
  }
}

export const parts = {
  keepBreaches,
  measureSave,
  appVersion,
  interviewUntilKilled,
  setTrap,
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
