import type { Sound } from '../../schemas/recordings/recordings.ts'

/** What was recorded on this phone and not handed in yet; it stays through days of recording. */
export interface Studio {
  has(key: string): boolean
  sound(key: string): Promise<Sound | undefined>
  keep(key: string, sound: Sound): Promise<void>
  all(): Promise<ReadonlyMap<string, Sound>>
}

export async function openStudio(questionnaire: string, language: string): Promise<Studio> {
  const cache = await caches.open(`tala-studio:${questionnaire}:${language}`)
  const urlOf = (key: string) => `/studio/${encodeURIComponent(key)}`
  const keys = (await cache.keys()).map(({ url }) => decodeURIComponent(new URL(url).pathname.slice('/studio/'.length)))
  const known = new Set(keys)
  const sound = async (key: string): Promise<Sound | undefined> => {
    const found = await cache.match(urlOf(key))
    if (!found) return undefined
    return { type: found.headers.get('content-type') as Sound['type'], bytes: new Uint8Array(await found.arrayBuffer()) }
  }
  return {
    has: (key) => known.has(key),
    sound,
    keep: (key, { type, bytes }) => cache.put(urlOf(key), new Response(bytes.slice().buffer, { headers: { 'content-type': type } })),
    async all() {
      const all = new Map<string, Sound>()
      for (const key of keys) {
        const one = await sound(key)
        if (one) all.set(key, one)
      }
      return all
    },
  }
}
