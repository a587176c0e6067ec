import type { Command } from 'commander'
import type { Custody } from './custody.ts'
import type { Recomputation } from './recompute.ts'

/** `tala recompute`: a round follows the rules of another version of its questionnaire. */
export function registerRecomputeCommand(
  program: Command,
  within: (work: (custody: Custody) => Promise<void>) => Promise<void>,
  print: (line: string) => void,
): void {
  program
    .command('recompute')
    .description('brings the derived variables of a round to the rules of one version of its questionnaire')
    .argument('<round>')
    .option('--rules <version>', 'a published version; default: the one the round names')
    .option('--dry-run', 'only say what would change')
    .action((round: string, { rules, dryRun = false }: { rules?: string; dryRun?: boolean }) =>
      within(async (custody) => {
        const done = await custody.recompute({ round, dryRun, ...(rules !== undefined && { rules }) })
        for (const line of words(done, dryRun)) print(line)
      }),
    )
}

function words({ round, rules, before, changed }: Recomputation, dryRun: boolean): readonly string[] {
  if (before.length === 0) return [`All records of ${round} follow the rules of version ${rules} already.`]
  return [
    ...before.map(
      (each) =>
        `${each.records} records asked with version ${each.asked}: rules of ${each.rules}, ${dryRun ? 'would be' : 'now'} of ${rules}`,
    ),
    ...changed.map(({ variable, rows }) => `${variable}: another value in ${rows} rows`),
    dryRun
      ? 'Nothing was changed; repeat without --dry-run.'
      : 'Done, and noted in the audit chain. Beside a round of other rules its figures are marked D.',
  ]
}
