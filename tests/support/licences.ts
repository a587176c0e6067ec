// Fails when a package that Tala installs for use (not for development) has a licence that does not fit beside Apache-2.0.
import { readFileSync } from 'node:fs'

const compatible = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
  'Python-2.0',
  'MPL-2.0',
  'BSD',
  // Fonts, embedded in the community sheet.
  'OFL-1.1',
])

/** Their package.json names no licence in the way npm reads; their LICENCE file is MIT. */
const readByHand = new Set(['end-stream', 'level-write-stream', 'png-js', 'write-stream'])

interface Locked {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean; readonly optional?: boolean }>>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Locked
const refused = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && !dev && !readByHand.has(path.replace(/^.*node_modules\//, '')))
  .filter(
    ([, { license }]) =>
      !(license ?? '')
        .replace(/[()]/g, '')
        .split(/ OR /)
        .some((each) => each.split(/ AND /).every((one) => compatible.has(one))),
  )
for (const [path, { license }] of refused) console.log(`${path}: ${license ?? 'no licence named'}`)
console.log(`${Object.keys(packages).length} packages, ${refused.length} refused`)
process.exitCode = refused.length === 0 ? 0 : 1
