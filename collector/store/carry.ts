// Records of other phones that this one carries to the server. They lie here as they came: sealed, signed, unreadable to the carrier.
import type { Device } from '../sync/device.ts'
import { SyncError } from '../sync/request.ts'
import { type Bytes, sha256Hex } from '../vault/bytes.ts'
import { type HandOver, readHandOver } from './hand-over.ts'
import type { Keep, Write } from './keep.ts'

/** One file from another phone. */
export interface Carried {
  readonly id: string
  readonly device: string
  readonly records: number
  /** ISO 8601. */
  readonly received: string
  /** The server would not take it: it was changed, or is of a phone that was never enrolled there. */
  readonly refused: boolean
}

const listId = 'carried'
const fileId = (id: string) => `carried:${id}`

export const carriedFiles = async (keep: Keep): Promise<readonly Carried[]> =>
  (await keep.get<readonly Carried[]>('settings', listId)) ?? []

/** Keeps a hand-over until the server has it. The same one twice is one. @throws PhoneError `phone.hand-over-unreadable`. */
export async function carry(keep: Keep, file: Bytes, now: string): Promise<Carried> {
  const { device, records, signature } = await readHandOver(file)
  const id = (await sha256Hex(signature)).slice(0, 16)
  const carried: Carried = { id, device, records: records.length, received: now, refused: false }
  const others = (await carriedFiles(keep)).filter((each) => each.id !== id)
  await keep.write([
    ['settings', fileId(id), file],
    ['settings', listId, [...others, carried]],
  ])
  return carried
}

export async function dropCarried(keep: Keep, id: string): Promise<void> {
  await keep.write(without(await carriedFiles(keep), id))
}

const without = (files: readonly Carried[], id: string): readonly Write[] => {
  const rest = files.filter((each) => each.id !== id)
  return [['settings', fileId(id)], rest.length === 0 ? ['settings', listId] : ['settings', listId, rest]]
}

/** Delivers everything that is carried; each file goes from here only once the server names every record in it with its hash. */
export async function deliverCarried(keep: Keep, { ask }: Pick<Device, 'ask'>): Promise<void> {
  for (const { id, refused } of await carriedFiles(keep)) {
    const file = await keep.get<Bytes>('settings', fileId(id))
    if (!file || refused) continue
    const outcome = await delivered(await readHandOver(file), ask)
    const files = await carriedFiles(keep)
    if (outcome === 'taken') await keep.write(without(files, id))
    else if (outcome === 'refused')
      await keep.write([['settings', listId, files.map((each) => (each.id === id ? { ...each, refused: true } : each))]])
  }
}

/** `waiting` when the answer proves nothing: no network, or somebody else answered. */
async function delivered(bundle: HandOver, ask: Device['ask']): Promise<'taken' | 'refused' | 'waiting'> {
  try {
    const named = namedIn(await ask('/device/hand-over', bundle))
    return bundle.records.every(({ _id, sha256 }) => named.has(`${_id} ${sha256}`) || named.has(_id)) ? 'taken' : 'waiting'
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return error.code === 'sync.refused' ? 'refused' : 'waiting'
  }
}

/** `id sha256` of what is stored, `id` of what was refused: their own phone hears of those. */
function namedIn(answer: unknown): ReadonlySet<string> {
  const { taken, refused } = answer as { taken?: readonly { id: string; sha256: string }[]; refused?: readonly { id: string }[] }
  if (!Array.isArray(taken) || !Array.isArray(refused)) return new Set()
  return new Set([
    ...(taken as readonly { id: string; sha256: string }[]).map(({ id, sha256 }) => `${id} ${sha256}`),
    ...(refused as readonly { id: string }[]).map(({ id }) => id),
  ])
}
