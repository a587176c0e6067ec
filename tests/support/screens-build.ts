import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

export interface BuiltScreens {
  /** Where the page is served, without a query. */
  readonly url: string
  /** Folder of the built files. */
  readonly folder: string
  close(): Promise<void>
}

/** Builds the screens with the fake phone as they go to a phone, and serves them on this machine. */
export async function serveScreens(): Promise<BuiltScreens> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-screens-'))
  await build({
    root: join(root, 'tests/support'),
    configFile: false,
    base: './',
    logLevel: 'error',
    publicDir: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { __TALA_VERSION__: JSON.stringify(createHash('sha256').update(folder).digest('hex').slice(0, 8)) },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome100',
      rolldownOptions: { input: join(root, 'tests/support/screens-page.html') },
    },
  })
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://here').pathname
    readFile(join(folder, path)).then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing here.'),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/screens-page.html`,
    folder,
    async close() {
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
