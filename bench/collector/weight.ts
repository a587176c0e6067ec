import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface Weight {
  /** All code that the app can ever load, screens loaded later included: app, phone, worker with its WebAssembly, service worker. Texts are language packs. */
  readonly jsGz: number
  readonly cssGz: number
  /** Interface texts; a phone loads those of one language, English too. */
  readonly languagesGz: Readonly<Record<string, number>>
  /** What must be there before the first screen: without PouchDB, crypto and service worker. */
  readonly shellGz: number
}

const language = /^(ar|bn|en|fil|id|ne)-/

/** Bytes of a built collector, gzip level 9, as a web server sends them. */
export function weigh(folder: string): Weight {
  const assets = readdirSync(join(folder, 'assets'))
  const gz = (path: string) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + gz(join('assets', name)), 0)
  const scripts = assets.filter((name) => name.endsWith('.js'))
  const program = scripts.filter((name) => !language.test(name))
  const languages = [...new Set(scripts.filter((name) => language.test(name)).map((name) => name.split('-')[0] ?? ''))]
  return {
    jsGz: sum(program) + sum(assets.filter((name) => name.endsWith('.wasm'))) + gz('service-worker.js'),
    cssGz: sum(assets.filter((name) => name.endsWith('.css'))),
    languagesGz: Object.fromEntries(
      languages.map((code) => [code, sum(scripts.filter((name) => name.startsWith(`${code}-`) && language.test(name)))]),
    ),
    shellGz: sum(shellOf(folder, program)),
  }
}

/** The page's script, the first screens it loads, and what these import at once; what is loaded when somebody asks for it does not count. */
function shellOf(folder: string, program: readonly string[]): readonly string[] {
  const shell = new Set<string>()
  const waiting = program.filter((name) => /^(index|app)-/.test(name))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (shell.has(name)) continue
    shell.add(name)
    const script = readFileSync(join(folder, 'assets', name), 'utf8')
    for (const [, imported] of script.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) if (imported !== undefined) waiting.push(imported)
  }
  return [...shell]
}
