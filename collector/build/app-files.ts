import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Plugin } from 'vite'
import { drawIcon } from './icons.ts'

const icons = [
  { file: 'icon-192.png', size: 192, reach: 0.8 },
  { file: 'icon-512.png', size: 512, reach: 0.8 },
  { file: 'icon-maskable-512.png', size: 512, reach: 0.55 },
] as const

/** Adds what makes the page an app: manifest, icons, and a service worker that knows every built file by its hash. */
export function appFiles({ folder, out }: { readonly folder: string; readonly out: string }): Plugin {
  return {
    name: 'tala-app-files',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => ({
        // A link in the page would become a second copy of the manifest under another name.
        html: html.replace(/<link[^>]*rel="(manifest|icon)"[^>]*>/g, ''),
        tags: [
          { tag: 'link', attrs: { rel: 'manifest', href: '/collector/manifest.webmanifest' }, injectTo: 'head' },
          { tag: 'link', attrs: { rel: 'icon', href: '/collector/icon-192.png', type: 'image/png' }, injectTo: 'head' },
        ],
      }),
    },
    generateBundle() {
      const manifest = readFileSync(join(folder, 'manifest.webmanifest'), 'utf8')
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: manifest })
      for (const { file, size, reach } of icons) this.emitFile({ type: 'asset', fileName: file, source: drawIcon(size, reach) })
    },
    async closeBundle() {
      await buildServiceWorker(folder, out, listed(out))
    },
  }
}

interface ListedFile {
  readonly url: string
  readonly integrity?: string
}

/** The bundler's files carry their hash in their name. */
function listed(out: string): readonly ListedFile[] {
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'service-worker.js')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, url: relative(out, path) }))
    .map(({ path, url }) => (url.startsWith('assets/') ? { url } : { url, integrity: `sha256-${hashOf(readFileSync(path), 'base64')}` }))
}

const hashOf = (content: Uint8Array | string, encoding: 'hex' | 'base64') => createHash('sha256').update(content).digest(encoding)

async function buildServiceWorker(folder: string, out: string, files: readonly ListedFile[]): Promise<void> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    define: {
      __TALA_FILES__: JSON.stringify(files),
      __TALA_BUILD__: JSON.stringify(hashOf(JSON.stringify(files), 'hex').slice(0, 16)),
    },
    build: {
      write: false,
      target: 'chrome100',
      rolldownOptions: { input: join(folder, 'service-worker.ts'), output: { format: 'iife', entryFileNames: 'service-worker.js' } },
    },
  })
  const { output } = Array.isArray(built) ? (built[0] ?? { output: [] }) : 'output' in built ? built : { output: [] }
  for (const file of output) if (file.type === 'chunk') writeFileSync(join(out, 'service-worker.js'), file.code)
}
