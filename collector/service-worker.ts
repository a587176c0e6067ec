import { cleanupOutdatedCaches, createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

// The compiler knows pages, not workers: the two things used here.
declare const self: {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  skipWaiting(): Promise<void>
}
/** Every built file with the hash of its content; written in by the build. */
declare const __TALA_FILES__: readonly PrecacheEntry[]

// Everything is there before the first interview, or the new version is not installed at all: workbox gives up on the first file that fails.
precacheAndRoute([...__TALA_FILES__])
cleanupOutdatedCaches()

// Only pages and files of the app are answered here, and workbox routes only GET: sync, enrolment and everything else that writes goes to the network.
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { allowlist: [/\/collector\//] }))

// A new version waits until the list screen lets it in: never in the middle of an interview.
self.addEventListener('message', ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === 'activate') void self.skipWaiting()
})
