import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserPhone } from './browser-phone.ts'

/** What LevelDB issue 1287 does after a kill: the browser begins an empty IndexedDB, everything else in the profile stays. */
export async function loseDatabase(phone: BrowserPhone): Promise<void> {
  await phone.kill()
  await rm(join(phone.profile, 'Default', 'IndexedDB'), { recursive: true })
}
