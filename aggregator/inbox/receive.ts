import type { Caller } from './caller.ts'
import type { Stores } from './open-stores.ts'
import { quarantined } from './quarantine.ts'
import { isOwnId, screen, type EnvelopeCheck, type Verdict } from './screen.ts'
import type { InboxStore } from './store.ts'

type Accepted = Extract<Verdict, { kind: 'accept' }>['document']
type NotAccepted = Exclude<Verdict, { kind: 'accept' }>

export interface ReceiveDependencies {
  readonly stores: Pick<Stores, 'inbox' | 'quarantine'>
  readonly check: EnvelopeCheck
  readonly now: Date
  readonly onRefused: (device: string, verdicts: readonly NotAccepted[]) => void
}

/**
 * Takes in one push: accepted records into the inbox, doubtful ones into quarantine, both durable on return.
 * @returns the refused ones; everything else is a success for the phone.
 */
export async function receive(documents: readonly unknown[], caller: Caller, { stores, check, now, onRefused }: ReceiveDependencies) {
  // The store looks up what it has already while this thread judges the documents.
  const stored = stores.inbox.revisionsOf(ownIds(documents, caller))
  const verdicts = documents.map((each) => screen(each, caller, check))
  const accepted = verdicts.flatMap((each) => (each.kind === 'accept' ? [each.document] : []))
  const doubtful = verdicts.flatMap((each) => (each.kind === 'quarantine' ? [each] : []))
  const { fresh, conflicting } = await sortOut(accepted, await stored, stores.inbox)
  await stores.inbox.bulkWrite(fresh)
  await stores.quarantine.bulkWrite(doubtful.map(({ document, reasons }) => quarantined(document, caller.device, reasons, now)))
  const refused = [...verdicts.flatMap((each) => (each.kind === 'refuse' ? [each] : [])), ...conflicting.map(asConflict)]
  const damaged = verdicts.flatMap((each) => (each.kind === 'damaged' ? [each] : []))
  const told = [...refused, ...damaged, ...doubtful]
  if (told.length > 0) onRefused(caller.device, told)
  return refused
}

function ownIds(documents: readonly unknown[], { device }: Caller): readonly string[] {
  const ids = documents.map((each) => (each as { readonly _id?: unknown } | null | undefined)?._id)
  return [...new Set(ids.filter((id): id is string => isOwnId(id, device)))]
}

/** Ids are never used twice: a second revision of a stored record is the same content again, or a forgery. */
async function sortOut(accepted: readonly Accepted[], stored: ReadonlyMap<string, string>, inbox: InboxStore) {
  const byId = new Map<string, Accepted>()
  const conflicting: Accepted[] = []
  for (const each of accepted) {
    const twin = byId.get(each._id)
    if (twin === undefined) byId.set(each._id, each)
    else if (twin.sha256 !== each.sha256) conflicting.push(each)
  }
  const other = [...byId.values()].filter(({ _id, _rev }) => stored.has(_id) && stored.get(_id) !== _rev)
  const hashes = new Map((await inbox.read(other.map(({ _id }) => _id))).map((each) => [each._id, each['sha256']]))
  conflicting.push(...other.filter(({ _id, sha256 }) => hashes.get(_id) !== sha256))
  return { fresh: [...byId.values()].filter(({ _id }) => !stored.has(_id)), conflicting }
}

const asConflict = ({ _id }: Accepted) => ({
  kind: 'refuse' as const,
  id: _id,
  reason: 'A record with this id and other content is stored already.',
})
