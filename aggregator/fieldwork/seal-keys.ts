import type { Key, KeyProvider } from '../custody/keys.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { listRounds, openDeployment } from './rounds.ts'

const purposes = ['seal-answers', 'seal-identity'] as const
type SealPurpose = (typeof purposes)[number]

/** What a phone seals to. */
export interface SealingKey {
  readonly purpose: SealPurpose
  readonly kid: string
  readonly jwk: Readonly<Record<string, unknown>>
}

type Kids = Readonly<Record<SealPurpose, string>>

export interface SealKeyDependencies {
  readonly office: DocumentStore
  readonly keys: KeyProvider
  /** Told of a key that was made for a round. */
  readonly onRotated?: (key: Pick<Key, 'kid' | 'purpose'>, round: string) => Promise<void>
}

/**
 * The keys that phones of a round seal to. Every round has its own, made when its first phone asks, so that it can be closed alone.
 * A key rotated by hand becomes that of the round which new phones join. Keys from the environment cannot be made here: rounds then share.
 */
export async function sealKeysOf(dependencies: SealKeyDependencies, round: string): Promise<readonly SealingKey[]> {
  const { office, keys } = dependencies
  const kids = await kidsOf(dependencies, round)
  // A closed round has no keys any more; a phone that asks all the same must be able to send what it holds.
  const given = purposes.map((purpose) => (kids && keys.get(kids[purpose])) ?? keys.current(purpose))
  if (kids && given.some(({ kid, purpose }) => kid !== kids[purpose as SealPurpose])) return given.map(asSealingKey)
  const [{ round: joined }, taken] = [await openDeployment(office), await takenKids(office)]
  const newest = purposes.map((purpose) => keys.current(purpose))
  const byHand = joined === round && newest.some(({ kid }) => !taken.has(kid))
  if (!byHand) return given.map(asSealingKey)
  await assign(office, round, kidsIn(newest))
  return newest.map(asSealingKey)
}

/** On the first day of a round its phones ask at the same moment. */
const turns = new WeakMap<KeyProvider, Promise<unknown>>()

async function kidsOf(dependencies: SealKeyDependencies, round: string): Promise<Kids | undefined> {
  const { office, keys } = dependencies
  const known = await assigned(office, round)
  if (known) return known
  const turn = (turns.get(keys) ?? Promise.resolve()).then(async () => (await assigned(office, round)) ?? give(dependencies, round))
  turns.set(
    keys,
    turn.catch(() => undefined),
  )
  return turn
}

async function give(dependencies: SealKeyDependencies, round: string): Promise<Kids | undefined> {
  const { office, keys } = dependencies
  const current = () => kidsIn(purposes.map((purpose) => keys.current(purpose)))
  // Rounds before this one, whose phones have not asked yet or which are older than this rule, sealed to what is current now.
  for (const { id } of await listRounds(office)) if (id !== round && !(await assigned(office, id))) await assign(office, id, current())
  const taken = await takenKids(office)
  for (const purpose of purposes) if (taken.has(keys.current(purpose).kid)) await rotated(dependencies, purpose, round)
  await assign(office, round, current())
  return assigned(office, round)
}

async function rotated({ keys, onRotated = async () => {} }: SealKeyDependencies, purpose: SealPurpose, round: string): Promise<void> {
  try {
    await onRotated(await keys.rotate(purpose), round)
  } catch (error) {
    if (!(error instanceof ProblemError && error.type === 'keyring-read-only')) throw error
  }
}

/** The keys that are current, whatever the round. */
export const sealingKeys = (keys: KeyProvider): readonly SealingKey[] => purposes.map((purpose) => asSealingKey(keys.current(purpose)))

const idOf = (round: string) => `seal-keys:${round}`

async function assigned(office: DocumentStore, round: string): Promise<Kids | undefined> {
  const found = await office.get(idOf(round))
  return found?.['kids'] as Kids | undefined
}

async function assign(office: DocumentStore, round: string, kids: Kids): Promise<void> {
  const before = await office.get(idOf(round))
  try {
    await office.put({ _id: idOf(round), schema: 'seal-keys/1', kids, ...(before && { _rev: before._rev }) })
  } catch (error) {
    // Two phones asked at once: the other answer holds.
    if (!(error instanceof ProblemError && error.type === 'conflict')) throw error
  }
}

async function takenKids(office: DocumentStore): Promise<ReadonlySet<string>> {
  const all = await office.list('seal-keys:')
  return new Set(all.flatMap(({ kids }) => Object.values(kids as Kids)))
}

const kidsIn = (keys: readonly Key[]): Kids =>
  Object.fromEntries(keys.map(({ purpose, kid }) => [purpose, kid])) as Readonly<Record<SealPurpose, string>>

function asSealingKey({ purpose, kid, publicJwk }: Key): SealingKey {
  if (!publicJwk) throw new ProblemError('key-missing', 'The sealing key has no public part; check the keyring.')
  return { purpose: purpose as SealPurpose, kid, jwk: publicJwk }
}
