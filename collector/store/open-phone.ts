import { createForm } from '../../schemas/interview/create-form.ts'
import type { Phone, PhoneCare } from '../phone.ts'
import type { Fetch } from '../sync/request.ts'
import { derivePinKeyInWorker } from '../vault/pin-key-in-worker.ts'
import { createVault, type VaultRecord } from '../vault/vault.ts'
import { type AppUpdate, watchAppUpdate } from './app-update.ts'
import { lockWhenIdle } from './auto-lock.ts'
import { openIndexedDbKeep } from './indexed-db-keep.ts'
import { becomeWriter } from './one-writer.ts'
import { openIdbPouch } from './open-pouch.ts'
import { createPhone } from './phone.ts'
import { cryptoRandom } from './record-id.ts'
import { explained, PhoneError } from './phone-error.ts'
import { askToPersist, measureRoom } from './room.ts'

const vaultId = 'vault'

/** Safari has no idle callbacks. */
const quiet = (work: () => void) =>
  void ('requestIdleCallback' in globalThis ? requestIdleCallback(work, { timeout: 2_000 }) : setTimeout(work, 500))

/**
 * The phone of this browser. With another tab open it answers at once in the state `elsewhere`, and comes to life when that tab closes.
 * @throws KeepError when the browser gives no storage at all.
 */
export async function openPhone(fetch: Fetch = (...request) => globalThis.fetch(...request)): Promise<Phone & PhoneCare> {
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const each of listeners) each()
  }
  type Inner = Omit<Phone & PhoneCare, 'subscribe' | 'isUpdateWaiting' | 'activateUpdate'>
  let inner: Inner | undefined
  let update: AppUpdate | undefined
  const phone = () => {
    if (!inner) throw new PhoneError('phone.elsewhere')
    return inner
  }

  const start = async () => {
    const keep = await openIndexedDbKeep()
    const now = () => Date.now()
    const vault = createVault({
      shelf: { read: () => keep.get<VaultRecord>('keys', vaultId), write: (record) => keep.write([['keys', vaultId, record]]) },
      derive: derivePinKeyInWorker,
      now,
    })
    const backOff = { wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)), chance: Math.random, tries: 3 }
    inner = await createPhone(
      {
        keep,
        vault,
        derive: derivePinKeyInWorker,
        createForm,
        random: cryptoRandom,
        fetch,
        pouch: openIdbPouch(),
        now,
        backOff,
        room: () => measureRoom(() => keep.holdReserve()),
        askToPersist,
        quiet,
      },
      notify,
    )
    lockWhenIdle(inner)
    globalThis.addEventListener('online', () => void (inner?.state().kind === 'open' ? inner.sync() : inner?.askServer()))
    notify()
  }

  void watchAppUpdate().then((watching) => {
    update = watching
    update.subscribe(notify)
    notify()
  })
  await new Promise<void>((resolve, reject) => {
    becomeWriter(resolve)
      .then(() => explained(start))
      .then(resolve, reject)
  })

  return {
    state: () => inner?.state() ?? { kind: 'elsewhere' },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    records: () => inner?.records() ?? [],
    notices: () => inner?.notices() ?? [],
    syncState: () => inner?.syncState() ?? { running: false, onThisPhone: 0, sent: 0, lastSuccess: null, trouble: null },
    enrol: async (link, pin) => phone().enrol(link, pin),
    unlock: async (pin) => phone().unlock(pin),
    lock: async () => phone().lock(),
    changePin: async (oldPin, newPin) => phone().changePin(oldPin, newPin),
    startDraft: async (options) => phone().startDraft(options),
    openDraft: async (id) => phone().openDraft(id),
    saveDraft: async (draft) => phone().saveDraft(draft),
    discardDraft: async (id) => phone().discardDraft(id),
    completeDraft: async (draft) => phone().completeDraft(draft),
    correct: async (id) => phone().correct(id),
    withdraw: async (id, reason) => phone().withdraw(id, reason),
    sync: async () => phone().sync(),
    isUpdateWaiting: () => update?.isWaiting() ?? false,
    async activateUpdate() {
      await inner?.lock()
      await update?.activate()
    },
    recordings: async () => phone().recordings(),
    recordingsPart: async (sha256, part) => phone().recordingsPart(sha256, part),
    questionnaireOf: async (reference) => phone().questionnaireOf(reference),
    room: async () => phone().room(),
    startAgain: async (link, pin) => phone().startAgain(link, pin),
    backup: async (pin) => phone().backup(pin),
    restore: async (file, pin) => phone().restore(file, pin),
    handOver: async () => phone().handOver(),
    receive: async (file) => phone().receive(file),
    carried: async () => phone().carried(),
    dropCarried: async (id) => phone().dropCarried(id),
    askServer: async () => phone().askServer(),
    forgottenPinKeeps: async () => phone().forgottenPinKeeps(),
    checkDevice: async () => phone().checkDevice(),
  }
}
