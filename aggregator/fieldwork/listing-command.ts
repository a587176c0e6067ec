import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { readListing } from './listings.ts'
import type { Office } from './office.ts'

/** `tala round listing`: tells or sets how many homes were listed in each area. */
export function registerListingCommand(
  round: Command,
  withOffice: (work: (office: Office) => Promise<unknown>) => Promise<void>,
  print: (line: string) => void,
): void {
  round
    .command('listing')
    .description('how many homes were listed in each area: coverage is held against it; without --file it is told')
    .argument('<round>')
    .option('--file <listing.csv>', 'area,homes')
    .action((id: string, { file }: { readonly file?: string }) =>
      withOffice(async (office) => {
        if (file !== undefined) await office.setListing({ round: id, homes: readListing(await readFile(file, 'utf8')) })
        const homes = Object.values((await office.listing({ round: id })).homes)
        print(homes.length === 0 ? 'No listing.' : `${homes.reduce((sum, each) => sum + each, 0)} homes in ${homes.length} areas.`)
      }),
    )
}
