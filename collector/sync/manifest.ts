import type { Round } from '../../schemas/generated/records.ts'
import type { Keep } from '../store/keep.ts'
import type { ServerKey } from '../vault/seal.ts'
import { type Enrolment, post, readEnrolment, saveEnrolment } from './enrolment.ts'
import { askJson, type Fetch, SyncError } from './request.ts'

export interface ManifestItem {
  readonly kind: 'round' | 'keys' | 'assignment' | 'comment' | 'recordings'
  readonly id: string
  readonly sha256: string
}

interface FetchedItem extends ManifestItem {
  readonly body: unknown
}

/** Keeps what is for this device only, encrypted on a phone. */
export interface ItemShelf {
  known(): Promise<readonly ManifestItem[]>
  put(items: readonly FetchedItem[]): Promise<void>
  remove(items: readonly ManifestItem[]): Promise<void>
}

const asked = 'manifest-seen'

/**
 * Brings what is for this device: one request when nothing is new, two otherwise.
 * @returns the ids that changed, as `kind:id`.
 */
export async function pullManifest(keep: Keep, items: ItemShelf, fetch: Fetch, publicUrl: string): Promise<readonly string[]> {
  const manifest = await askJson(fetch, `${publicUrl}/device/manifest`, {})
  if (!isManifest(manifest)) throw new SyncError('sync.strange-answer')
  const seen = new Map((await keep.get<readonly (readonly [string, string])[]>('settings', asked)) ?? [])
  const changed = manifest.items.filter((each) => seen.get(nameOf(each)) !== each.sha256)
  const current = new Set(manifest.items.map(nameOf))
  await items.remove((await items.known()).filter((each) => !current.has(nameOf(each))))
  if (changed.length > 0) {
    const wanted = changed.map(({ kind, id }) => ({ kind, id }))
    const answer = await askJson(fetch, `${publicUrl}/device/fetch`, post({ items: wanted }))
    await keepItems(keep, items, itemsOf(answer))
  }
  // Written last: whatever was interrupted before is fetched again.
  await keep.write([['settings', asked, manifest.items.map((each) => [nameOf(each), each.sha256] as const)]])
  return changed.map(nameOf)
}

const nameOf = ({ kind, id }: Pick<ManifestItem, 'kind' | 'id'>) => `${kind}:${id}`

async function keepItems(keep: Keep, items: ItemShelf, fetched: readonly FetchedItem[]): Promise<void> {
  for (const item of fetched) {
    if (item.kind === 'round') await update(keep, { round: item.body as Round })
    else if (item.kind === 'keys') await update(keep, { keys: keysOf(item.body) })
  }
  await items.put(fetched.filter(({ kind }) => kind !== 'round' && kind !== 'keys'))
}

async function update(keep: Keep, change: Partial<Enrolment>): Promise<void> {
  const enrolment = await readEnrolment(keep)
  if (enrolment) await saveEnrolment(keep, { ...enrolment, ...change })
}

function keysOf(body: unknown): readonly ServerKey[] {
  const keys = Array.isArray(body) ? body : (body as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0) throw new SyncError('sync.strange-answer')
  return keys as readonly ServerKey[]
}

function isManifest(answer: unknown): answer is { readonly items: readonly ManifestItem[] } {
  return typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)
}

function itemsOf(answer: unknown): readonly FetchedItem[] {
  if (!isManifest(answer)) throw new SyncError('sync.strange-answer')
  return answer.items as readonly FetchedItem[]
}
