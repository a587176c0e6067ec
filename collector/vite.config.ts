import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { appFiles } from './build/app-files.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../dist/collector', import.meta.url))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

export default defineConfig({
  root: folder,
  base: '/collector/',
  publicDir: false,
  // PouchDB is written for bundlers that give `global` and Node's `events`.
  define: { global: 'globalThis', __TALA_VERSION__: JSON.stringify(version) },
  resolve: { alias: { events: fileURLToPath(import.meta.resolve('events/events.js')) } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: out,
    emptyOutDir: true,
    // Chrome 138 is the last for Android 8 and 9, and phones in the field are rarely up to date.
    target: 'chrome100',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 1024,
    reportCompressedSize: false,
  },
  plugins: [appFiles({ folder, out })],
})
