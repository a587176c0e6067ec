import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { appFiles } from './build/app-files.ts'
import { pouchdbAliases } from './build/pouchdb/aliases.ts'
import { withoutUnusedMethods } from './build/pouchdb/leave-out.ts'
import { preloading } from './build/preloading.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../dist/collector', import.meta.url))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

export default defineConfig({
  root: folder,
  base: '/collector/',
  publicDir: false,
  // PouchDB is written for bundlers that give `global`.
  define: { global: 'globalThis', __TALA_VERSION__: JSON.stringify(version) },
  resolve: { alias: pouchdbAliases },
  // The same bytes under NODE_ENV=test: development JSX carries every line number to the phone.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  worker: { format: 'es' },
  build: {
    outDir: out,
    emptyOutDir: true,
    // Chrome 138 is the last for Android 8 and 9, and phones in the field are rarely up to date.
    target: 'chrome100',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 1024,
    reportCompressedSize: false,
    // Few files: each compresses alone. The screens come first; store, vault and sync beside them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'start', test: /text.words|screens.preferences|interview.digits|preload-helper|rolldown.runtime/, priority: 3 },
            { name: 'phone', test: /collector.(store|sync|vault|build)|pouchdb|fflate|schemas.(sealing|canonical)/, priority: 2 },
            { name: 'app', test: /collector.(screens|interview)|preact|schemas.(interview|language)/, priority: 1 },
          ],
        },
      },
    },
  },
  plugins: [preloading(['start', 'app', 'phone', 'rolldown-runtime']), withoutUnusedMethods(), appFiles({ folder, out })],
})
