import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Draft } from '../phone.ts'
import { entryOf } from '../sync/device.ts'
import type { Sealer } from '../vault/seal-record.ts'
import type { Drafts } from './drafts.ts'
import type { EncryptedShelf, OpenLedger } from './encrypted.ts'
import type { Entry } from './entries.ts'
import type { Keep } from './keep.ts'
import type { Outbox } from './outbox.ts'
import type { Spares } from './spares.ts'

/** The phone's own copy of a finished record, for a correction and in case the outbox is lost; gone once the record is accepted. */
export interface Copy {
  readonly id: string
  /** null for a withdrawal, and when the household took its answers back. */
  readonly draft: Draft | null
  readonly sealed: SealedRecord
  readonly label: string
  readonly withdrawalCode: string
}

export interface Finishing {
  readonly keep: Keep
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly copies: EncryptedShelf<Copy>
  readonly ledger: OpenLedger
  readonly spares: Spares
  readonly now: () => number
}

export interface ToFinish {
  readonly interview: Interview
  readonly identity: Identity | null
  readonly draft: Draft | null
  readonly label: string
  readonly sealer: Sealer
}

/**
 * Seals and files one finished record: copy, outbox and spare, then summary line in and draft out together.
 * Once the copy is written the record will be sent, whatever interrupts: `finishInterrupted` goes on where this stopped. So from there on the
 * interview counts as finished even when filing fails (a full phone): answers that were added to it now would be left out of what was sealed.
 */
export async function finish(finishing: Finishing, { interview, identity, draft, label, sealer }: ToFinish): Promise<Entry> {
  const begun = await finishing.copies.get(interview.id)
  if (begun) return await fileOrLater(finishing, begun)
  const sealed = await sealer.seal(interview, identity)
  const copy: Copy = { id: interview.id, draft, sealed, label, withdrawalCode: interview.withdrawalCode ?? '' }
  await finishing.keep.write([await finishing.copies.put(copy.id, copy)])
  // Before anybody is told that it is finished. Without a spare it is finished too: the next sync writes the spare that is missing.
  const [entry] = await Promise.all([fileOrLater(finishing, copy), finishing.spares.keep(sealed).catch(() => {})])
  return entry
}

/** No outbox: it is to be filed yet. */
const notFiled = ''
export const isToBeFiled = ({ outbox }: Entry) => outbox === notFiled

async function fileOrLater(finishing: Finishing, copy: Copy): Promise<Entry> {
  try {
    return await file(finishing, copy)
  } catch {
    const entry = entryOf(copy.sealed, notFiled, new Date(finishing.now()).toISOString(), copy.label, copy.withdrawalCode)
    finishing.ledger.know(entry)
    return entry
  }
}

async function file({ keep, outbox, drafts, copies, ledger, now }: Finishing, copy: Copy): Promise<Entry> {
  const stored = await outbox.put(copy.sealed)
  const known = (await ledger.all()).find((each) => each.id === copy.id && !isToBeFiled(each))
  const entry = known ?? entryOf(stored.record, stored.outbox, new Date(now()).toISOString(), copy.label, copy.withdrawalCode)
  // A withdrawal takes the answers off this phone too, in the same write.
  const withdrawn = copy.sealed.kind === 'withdrawal' ? copy.sealed.replaces : undefined
  const done = withdrawn === undefined ? [copy.id] : [copy.id, withdrawn]
  await keep.write([
    await ledger.write(entry),
    ...(await Promise.all(done.map((id) => drafts.remove(id)))).flat(),
    ...(withdrawn === undefined ? [] : [copies.remove(withdrawn)]),
  ])
  ledger.know(entry)
  for (const id of done) drafts.forget(id)
  return entry
}

/**
 * Goes on with everything that an earlier run began: records sealed but not filed, and records that a damaged outbox no longer holds.
 * @returns how many it had to finish.
 */
export async function finishInterrupted(finishing: Finishing): Promise<number> {
  const { keep, ledger, outbox, copies } = finishing
  const filed = new Set((await ledger.all()).filter((entry) => !isToBeFiled(entry)).map(({ id }) => id))
  // By their ids alone: a thousand copies are not opened at every unlock to find that nothing is left to do.
  const ids = await keep.ids('copies')
  const open = new Set(await keep.ids('drafts'))
  const inOutbox = await outbox.ids()
  const unfinished = ids.filter((id) => !filed.has(id) || open.has(id) || !inOutbox.has(id))
  for (const id of unfinished) {
    const copy = await copies.get(id)
    if (copy) await file(finishing, copy)
  }
  return unfinished.length
}
