// Keeps the app on the phone: every file of one build, all of them or none.

interface BuiltFile {
  /** Relative to this file. */
  readonly url: string
  /** Subresource integrity, `sha256-…`, of a file whose name does not tell its content. */
  readonly integrity?: string
}
/** Every built file, and one name for this very set of files; written in by the build. */
declare const __TALA_FILES__: readonly BuiltFile[]
declare const __TALA_BUILD__: string

// The compiler knows pages, not workers: what is used here.
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
declare const self: {
  readonly location: Location
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  skipWaiting(): Promise<void>
}

const ours = 'tala-app-'
const cacheName = ours + __TALA_BUILD__
/** Caches of the app alone: recordings and other things lie in caches of other names. */
const isOfTheApp = (name: string) => name.startsWith(ours) || name.startsWith('workbox-precache')
const absolute = (url: string) => new URL(url, self.location.href).href
const start = absolute('index.html')
const addresses: ReadonlySet<string> = new Set(__TALA_FILES__.map(({ url }) => absolute(url)))

// Everything is there before the first interview, or the new version is not installed at all: one file that fails is enough.
self.addEventListener('install', (event) => event.waitUntil(keepFiles()))

async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName)
  await Promise.all(__TALA_FILES__.map(async (file) => cache.put(file.url, await load(file))))
}

/** From an earlier version or an interrupted try when its name tells its content, else from the server. */
async function load({ url, integrity }: BuiltFile): Promise<Response> {
  const kept = integrity === undefined ? await caches.match(absolute(url)) : undefined
  if (kept) return kept
  // A page of another build, or of a gateway that answers for the server, fails its integrity.
  const response = await fetch(url, integrity === undefined ? {} : { integrity, cache: 'no-cache' })
  if (!response.ok) throw new TypeError(`${url}: ${response.status}`)
  return response
}

self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()))

async function forgetOthers(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => isOfTheApp(name) && name !== cacheName).map((name) => caches.delete(name)))
}

// Only pages and files of the app are answered here: sync, enrolment and everything else that writes goes to the network.
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const address = mode === 'navigate' ? start : url
  if (method === 'GET' && addresses.has(address)) event.respondWith(fromPhone(address, event.request))
})

async function fromPhone(address: string, request: Request): Promise<Response> {
  return (await caches.match(address, { cacheName })) ?? fetch(request)
}

// A new version waits until the list screen lets it in: never in the middle of an interview.
self.addEventListener('message', ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === 'activate') void self.skipWaiting()
})
