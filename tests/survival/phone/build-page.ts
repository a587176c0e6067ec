import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Builds the test page with the settings of the app into a new folder; @returns the folder. */
export async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'tala-phone-page-'))
  await build({
    configFile: false,
    root: fileURLToPath(new URL('./page', import.meta.url)),
    base: '/collector/',
    logLevel: 'warn',
    define: { global: 'globalThis', __TALA_VERSION__: '"test"' },
    resolve: { alias: { events: fileURLToPath(import.meta.resolve('events/events.js')) } },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'chrome100', modulePreload: { polyfill: false }, reportCompressedSize: false },
  })
  return outDir
}
