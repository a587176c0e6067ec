import type { Command } from 'commander'
import type { IndicatorRule } from '../disclosure/policy.ts'
import { defaultPolicy } from '../disclosure/policy.ts'
import { protectTables } from '../disclosure/protect-tables.ts'
import type { WorkingTable } from '../indicators/working-table.ts'
import { listReleases, openRelease } from './open-release.ts'
import { publish, type PublishInput } from './publish.ts'

/** What the command needs of the running house: the figures of a round before protection, and everything a manifest names. */
export interface ReleaseOffice {
  readonly facts: Omit<PublishInput, 'made' | 'now' | 'plan'>
  readonly tables: readonly WorkingTable[]
  readonly rules: ReadonlyMap<string, IndicatorRule>
  close(): Promise<void>
}

/** `tala release …`: protect and freeze what a round publishes. */
export function registerReleaseCommands(program: Command, open: (round: string) => Promise<ReleaseOffice>, folder: () => string): void {
  const release = program.command('release').description('protected, frozen figures of a round')
  release
    .command('make')
    .description('tabulate a round, protect all planned tables and publish them as a frozen release')
    .requiredOption('--round <id>', 'the round')
    .requiredOption('--id <id>', 'id of the release; it can never be used again')
    .option('--json', 'print the facts as JSON')
    .action(async ({ round, id, json }: { round: string; id: string; json?: boolean }) => {
      const office = await open(round)
      try {
        const onProgress = progressLine()
        const made = await protectTables(office.tables, { release: id, indicators: office.rules, onProgress })
        const { manifest, folder: where } = await publish({ ...office.facts, made, plan: defaultPolicy.plan, now: new Date() })
        const { cells, published, withheld } = manifest.protection
        if (json) console.log(JSON.stringify({ id, folder: where, cells, published, withheld }))
        else console.log(`Release ${id}: ${published} of ${cells} figures published, ${withheld} withheld.\n${where}`)
        for (const { indicator, reason } of made.report.left) console.error(`${indicator} is not in the release: ${reason}.`)
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
