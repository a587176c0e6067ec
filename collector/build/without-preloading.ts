import type { Plugin } from 'vite'

/** Vite wraps each `import()` in a helper that fetches what it will need ahead of time; ours need nothing, and lie in the service worker's cache. */
export function withoutPreloading(): Plugin {
  return {
    name: 'tala-without-preloading',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined),
  }
}
