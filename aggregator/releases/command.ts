import type { Command } from 'commander'
import { makeRelease, type ReleaseMaterials } from './make-release.ts'
import { listReleases, openRelease } from './open-release.ts'

/** What the commands need of the open house. */
export interface ReleaseOffice {
  /** Everything a release of the round (default: the current one) is made from. */
  materials(round?: string): Promise<ReleaseMaterials>
  close(): Promise<void>
}

/** `tala release …`: protect and freeze what a round publishes. @param folder the data folder */
export function registerReleaseCommands(program: Command, open: () => Promise<ReleaseOffice>, folder: () => string): void {
  const release = program.command('release').description('protected, frozen figures of a round')
  release
    .command('make')
    .description('tabulate a round, protect all planned tables and publish them as a frozen release')
    .option('--round <id>', 'default: the current round')
    .option('--id <id>', 'id of the release, which can never be used again; default: the round and the next number')
    .option('--json', 'print the facts as JSON')
    .action(async ({ round, id, json }: { round?: string; id?: string; json?: boolean }) => {
      const office = await open()
      try {
        const { release: made } = await makeRelease(await office.materials(round), { onProgress: progressLine(), ...(id ? { id } : {}) })
        const { cells, published, withheld } = made.manifest.protection
        if (json) console.log(JSON.stringify({ id: made.id, folder: made.folder, cells, published, withheld }))
        else console.log(`Release ${made.id}: ${published} of ${cells} figures published, ${withheld} withheld.\n${made.folder}`)
      } finally {
        await office.close()
      }
    })
  release
    .command('list')
    .description('all releases, newest first')
    .action(async () => {
      for (const { id, round, published, protection } of await listReleases(folder()))
        console.log(`${id}  round ${round}  ${published.slice(0, 10)}  ${protection.published} figures, ${protection.withheld} withheld`)
    })
  release
    .command('check <id>')
    .description('check the signature and every file of a release')
    .action(async (id: string) => {
      const { tables } = await openRelease(folder(), id)
      console.log(`Release ${id} is whole: ${tables.length} tables are as they were released.`)
    })
}

/** One line that is rewritten on a terminal, one line per tenth otherwise. */
function progressLine(): (progress: { readonly done: number; readonly total: number; readonly indicator: string }) => void {
  let tenth = -1
  return ({ done, total, indicator }) => {
    if (process.stderr.isTTY) process.stderr.write(`\rprotecting ${done}/${total} ${indicator}\u001b[K${done === total ? '\n' : ''}`)
    else if (Math.floor((10 * done) / Math.max(1, total)) > tenth) {
      tenth = Math.floor((10 * done) / Math.max(1, total))
      process.stderr.write(`{"stage":"protect","done":${done},"total":${total}}\n`)
    }
  }
}
