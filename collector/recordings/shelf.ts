import type { Recordings } from '../../schemas/recordings/recordings.ts'

/** The recordings of one questionnaire in one language on this phone. They hold nothing of anybody: they lie beside the app, not in the vault. */
export interface RecordingShelf {
  /** Hash of the pack it came from; null for one that was recorded or loaded here. */
  readonly sha256: string | null
  has(key: string): boolean
  sound(key: string): Promise<Blob | undefined>
}

const nameOf = (questionnaire: string, language: string) => `tala-recordings:${questionnaire}:${language}`
const urlOf = (key: string) => `/recordings/${key.split('/').map(encodeURIComponent).join('/')}`
const aboutUrl = '/recordings/about'

/** @returns undefined where there are none, or where the browser keeps none. */
export async function openShelf(questionnaire: string, language: string): Promise<RecordingShelf | undefined> {
  const name = nameOf(questionnaire, language)
  if (typeof caches === 'undefined' || !(await caches.has(name))) return undefined
  const cache = await caches.open(name)
  const about = await cache.match(aboutUrl)
  if (!about) return undefined
  const { sha256 } = (await about.json()) as { sha256: string | null }
  const urls = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname))
  return {
    sha256,
    has: (key) => urls.has(urlOf(key)),
    sound: async (key) => (await cache.match(urlOf(key)))?.blob(),
  }
}

/** Puts a whole pack on the phone, in place of the one before. */
export async function fillShelf({ questionnaire, language, sounds }: Recordings, sha256: string | null): Promise<void> {
  const name = nameOf(questionnaire, language)
  await caches.delete(name)
  const cache = await caches.open(name)
  for (const [key, { type, bytes }] of sounds)
    await cache.put(urlOf(key), new Response(bytes.slice().buffer, { headers: { 'content-type': type } }))
  // Last: a shelf that was interrupted counts as none.
  await cache.put(aboutUrl, new Response(JSON.stringify({ sha256 })))
  localStorage.setItem(listId, JSON.stringify([...new Set([...spokenLanguages(), `${questionnaire}:${language}`])]))
}

const listId = 'tala.recordings'

/** What was filled, known at once: a screen without recordings loads no code for them. */
export function hasRecordings(questionnaire: string, language: string): boolean {
  return spokenLanguages().includes(`${questionnaire}:${language}`)
}

function spokenLanguages(): readonly string[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(listId) ?? '[]')
    return Array.isArray(known) ? (known as string[]) : []
  } catch {
    return []
  }
}
