import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { appFiles } from '../../../collector/build/app-files.ts'
import { pouchdbAliases } from '../../../collector/build/pouchdb/aliases.ts'
import { withoutUnusedMethods } from '../../../collector/build/pouchdb/leave-out.ts'

/**
 * Builds the test page with the settings of the app into a new folder; @returns the folder.
 * @param version builds it as an app that installs and updates itself, in this version.
 * @param base path it is served from.
 */
export async function buildPage(version?: string, base = '/collector/'): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'tala-phone-page-'))
  const collector = fileURLToPath(new URL('../../../collector', import.meta.url))
  await build({
    configFile: false,
    root: fileURLToPath(new URL('./page', import.meta.url)),
    base,
    logLevel: 'warn',
    define: { global: 'globalThis', __TALA_VERSION__: JSON.stringify(version ?? 'test') },
    plugins: [withoutUnusedMethods(), ...(version === undefined ? [] : [appFiles({ folder: collector, out: outDir })])],
    resolve: { alias: pouchdbAliases },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'chrome100', modulePreload: { polyfill: false }, reportCompressedSize: false },
  })
  return outDir
}
