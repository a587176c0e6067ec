import type { Plugin } from 'vite'

/**
 * The page names every script of the first screens, so that the browser brings them side by side. Vite would wrap each `import()` in a helper that
 * brings what it will need ahead of time; ours need nothing more, and lie in the service worker's cache.
 * @param names of chunks.
 */
export function preloading(names: readonly string[]): Plugin {
  return {
    name: 'tala-preloading',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined),
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter(({ name }) => name !== undefined && names.includes(name))
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/collector/${fileName}` },
            injectTo: 'head',
          })),
    },
  }
}
