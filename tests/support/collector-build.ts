import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Builds dist/collector unless it is newer than everything it is made from. */
export function buildCollectorWhenStale(): void {
  const built = join('dist', 'collector', 'index.html')
  const isFresh = existsSync(built) && ['collector', 'schemas'].every((folder) => newest(folder) <= statSync(built).mtimeMs)
  if (!isFresh) execFileSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'warn'], { stdio: 'inherit' })
}

function newest(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name)
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }, 0)
}
