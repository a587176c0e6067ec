import { ProblemError } from '../problem.ts'
import { type Key, type KeyProvider, type KeyPurpose, keyPurposes } from './keys.ts'
import { generateKey, keyFromStored, type StoredKey } from './stored-key.ts'

/** Where a key ring lies. `save` is durable when it resolves and leaves no earlier version of that key behind. */
export interface KeyShelf {
  load(): Promise<readonly StoredKey[]>
  save(key: StoredKey): Promise<void>
}

/** The rules of a key ring over any shelf. Missing purposes get their first key. */
export async function openKeyRing(shelf: KeyShelf, now: () => Date = () => new Date()): Promise<KeyProvider> {
  const stored = new Map<string, StoredKey>()
  const opened = new Map<string, Key>()
  const remember = (key: StoredKey) => {
    stored.set(key.kid, key)
    if (key.state === 'destroyed') opened.delete(key.kid)
    else opened.set(key.kid, keyFromStored(key))
  }
  for (const key of await shelf.load()) remember(key)

  const ofPurpose = (purpose: KeyPurpose) =>
    [...opened.values()].filter((key) => key.purpose === purpose).sort((a, b) => (a.created < b.created ? -1 : 1))
  // A crash between the two writes of a rotation leaves two current keys: the newest is meant.
  const currentOf = (purpose: KeyPurpose) =>
    ofPurpose(purpose)
      .filter((key) => key.state === 'current')
      .at(-1)
  const add = async (purpose: KeyPurpose) => {
    const key = generateKey(purpose, laterThan(ofPurpose(purpose).at(-1)?.created, now()))
    await shelf.save(key)
    remember(key)
    return currentOf(purpose) ?? keyFromStored(key)
  }
  for (const purpose of keyPurposes) {
    const known = [...stored.values()].some((key) => key.purpose === purpose)
    if (!known) await add(purpose)
  }

  // Two changes at once would write over each other's files.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work)
    turn = next.catch(() => undefined)
    return next
  }

  return {
    current(purpose) {
      const key = currentOf(purpose)
      if (!key) throw new ProblemError('key-missing', `There is no current key for ${purpose}; make one with tala keys rotate ${purpose}.`)
      return key
    },
    get: (kid) => opened.get(kid),
    all: () => keyPurposes.flatMap(ofPurpose),
    rotate: (purpose) =>
      inTurn(async () => {
        const old = ofPurpose(purpose).filter((key) => key.state === 'current')
        const made = await add(purpose)
        for (const { kid } of old) {
          const key = stored.get(kid)
          if (!key) continue
          const retired: StoredKey = { ...key, state: 'retired' }
          await shelf.save(retired)
          remember(retired)
        }
        return made
      }),
    destroy: (kid) =>
      inTurn(async () => {
        const key = stored.get(kid)
        if (!key) throw new ProblemError('key-missing', `The keyring knows no key ${kid}; see tala keys list.`)
        const destroyed: StoredKey = { ...key, state: 'destroyed', jwk: null }
        await shelf.save(destroyed)
        remember(destroyed)
      }),
  }
}

/** Two rotations within a millisecond must still have an order. */
function laterThan(previous: string | undefined, now: Date): Date {
  return previous && previous >= now.toISOString() ? new Date(Date.parse(previous) + 1) : now
}
