/** A newer version of the app that is ready on this phone and waits to be let in. */
export interface AppUpdate {
  /** True when a new version waits. */
  isWaiting(): boolean
  subscribe(listener: () => void): () => void
  /** Looks for a new version now; does nothing without a network. */
  look(): Promise<void>
  /**
   * Lets the new version in and loads it. Only from the list screen: an interview that is open ends on the version it began with.
   */
  activate(): Promise<void>
}

const address = '/collector/service-worker.js'

/**
 * Makes the app work offline and watches for new versions. Where there is no service worker (a development server) nothing happens.
 * @param reload what loads the page again; an argument so that a test can count.
 */
export async function watchAppUpdate(reload: () => void = () => location.reload()): Promise<AppUpdate> {
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const each of listeners) each()
  }
  const registration = await register()
  registration?.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', notify)
  })
  const waiting = () => (navigator.serviceWorker?.controller ? registration?.waiting : undefined)

  return {
    isWaiting: () => Boolean(waiting()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async look() {
      // A failed or half download throws away the new version and leaves the installed one as it is.
      await registration?.update().catch(() => {})
    },
    async activate() {
      const next = waiting()
      if (!next) return
      const taken = new Promise<void>((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true }),
      )
      next.postMessage({ type: 'activate' }, [])
      await taken
      reload()
    },
  }
}

async function register(): Promise<ServiceWorkerRegistration | undefined> {
  try {
    return await navigator.serviceWorker?.register(address, { scope: '/collector/' })
  } catch {
    return undefined
  }
}
