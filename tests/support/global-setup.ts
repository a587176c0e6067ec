import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './chromium.ts'

/** Before any test: a Chromium to test with, and the collector built from what is in the tree. */
export default function setup(): void {
  process.stderr.write(`Browser tests use ${findChromium()}\n`)
  if (isBuildStale())
    execFileSync('npx', ['vite', 'build', '--config', 'collector/vite.config.ts', '--logLevel', 'warn'], { stdio: 'inherit' })
}

function isBuildStale(): boolean {
  const built = join('dist', 'collector', 'index.html')
  if (!existsSync(built)) return true
  const time = statSync(built).mtimeMs
  return ['collector', 'schemas'].some((folder) => newest(folder) > time)
}

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs
    }),
  )
}
