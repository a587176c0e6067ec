import type { PhoneCare } from '../phone.ts'
import { type Enrolment, signingKey } from '../sync/enrolment.ts'
import type { Bytes } from '../vault/bytes.ts'
import type { DerivePinKey } from '../vault/pin-key.ts'
import { readBackup, writeBackup } from './backup.ts'
import { isSafe } from './entries.ts'
import { carriedFiles, carry, dropCarried } from './carry.ts'
import { type Copy, finishInterrupted } from './finish.ts'
import { handOverFile, qrParts, signHandOver } from './hand-over.ts'
import type { Keep } from './keep.ts'
import { PhoneError } from './phone-error.ts'
import type { OpenParts } from './phone-parts.ts'

interface SecondCopyDependencies {
  readonly keep: Keep
  readonly now: () => number
  readonly derive: DerivePinKey
  readonly opened: () => OpenParts
  readonly enrolled: () => Promise<Enrolment>
  /** Whether this is the PIN of this phone; wrong tries count. */
  readonly isPin: (pin: string) => Promise<boolean>
  readonly notify: () => void
}

/** The ways off this phone that need no network. */
export function createSecondCopies(
  dependencies: SecondCopyDependencies,
): Pick<PhoneCare, 'backup' | 'restore' | 'handOver' | 'receive' | 'carried' | 'dropCarried'> {
  const { keep, now, derive, opened, enrolled, isPin, notify } = dependencies

  /** Sealed records the server does not have for sure. */
  const unsafe = async () => {
    const { finishing } = opened()
    const ids = new Set(
      finishing.ledger
        .known()
        .filter((entry) => !isSafe(entry))
        .map(({ id }) => id),
    )
    return (await finishing.outbox.all()).map(({ record }) => record).filter(({ _id }) => ids.has(_id))
  }

  return {
    async backup(pin) {
      if (!(await isPin(pin))) throw new PhoneError('phone.wrong-pin')
      const { drafts, copies, finishing } = opened()
      const { deviceId } = await enrolled()
      const own = new Map((await copies.all()).map((copy) => [copy.id, copy]))
      const labels = new Map(finishing.ledger.known().map((entry) => [entry.id, entry]))
      const records = (await unsafe()).map(({ _rev, ...sealed }) => {
        const [copy, entry] = [own.get(sealed._id), labels.get(sealed._id)]
        return { sealed, draft: copy?.draft ?? null, label: entry?.label ?? '', withdrawalCode: entry?.withdrawalCode ?? '' }
      })
      const made = new Date(now()).toISOString()
      return await writeBackup({ drafts: drafts.known(), records }, { device: deviceId, made, pin, derive })
    },

    async restore(file, pin) {
      const { finishing, drafts, copies } = opened()
      const { deviceId } = await enrolled()
      const content = await readBackup(file as Bytes, pin, derive)
      // Records carry the name of their phone: a new phone is first invited as the old one.
      if (content.device !== deviceId) throw new PhoneError('phone.backup-of-another')
      const finished = new Set([...finishing.ledger.known().map(({ id }) => id), ...content.records.map(({ sealed }) => sealed._id)])
      // What is on the phone is newer than what is in the file.
      const lost = content.drafts.filter(({ id }) => !finished.has(id) && !drafts.get(id))
      const known = new Set(finishing.ledger.known().map(({ id }) => id))
      const missing = content.records.filter(({ sealed }) => !known.has(sealed._id))
      const asCopy = ({ sealed, ...rest }: (typeof missing)[number]): Copy => ({ id: sealed._id, sealed, ...rest })
      for (const draft of lost) await drafts.save(draft)
      await keep.write(await Promise.all(missing.map((each) => copies.put(each.sealed._id, asCopy(each)))))
      await finishInterrupted(finishing)
      notify()
      return { drafts: lost.length, records: missing.length }
    },

    async handOver() {
      const [{ deviceId }, key, records] = [await enrolled(), await signingKey(keep), await unsafe()]
      if (!key) throw new PhoneError('phone.new')
      const file = await handOverFile(await signHandOver(deviceId, records, key))
      return { records: records.length, file, qr: await qrParts(file) }
    },
    async receive(file) {
      const carried = await carry(keep, file as Bytes, new Date(now()).toISOString())
      notify()
      return carried
    },
    carried: () => carriedFiles(keep),
    async dropCarried(id) {
      await dropCarried(keep, id)
      notify()
    },
  }
}
