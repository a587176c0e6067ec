import type { Command } from 'commander'
import type { AgreementBook } from './agreements/agreement-book.ts'

/** `tala agreement …`: who may pull extracts. */
export function registerAgreementCommands(
  program: Command,
  open: () => Promise<{ agreements: AgreementBook; close(): Promise<void> }>,
): void {
  const agreement = program.command('agreement').description('who may pull extracts, for which purpose, until when')
  agreement
    .command('create')
    .description('make an agreement and print its key, once')
    .requiredOption('--who <office>', 'the office that pulls; never a person')
    .requiredOption('--purpose <words>', 'what the figures are for')
    .requiredOption('--until <day>', 'last day of the agreement, YYYY-MM-DD')
    .action(async (terms: { who: string; purpose: string; until: string }) => {
      const office = await open()
      const { agreement: made, key } = await office.agreements.create(terms)
      await office.close()
      console.log(`Agreement ${made.id} with ${made.who} until ${made.until}.\n${made.promise}\nKey, shown only now: ${key}`)
    })
  agreement
    .command('list')
    .description('all agreements')
    .action(async () => {
      const office = await open()
      for (const { id, who, words, until, state } of await office.agreements.list())
        console.log(`${id}  until ${until}  ${state}  ${who}: ${words}`)
      await office.close()
    })
  agreement
    .command('revoke <id>')
    .description('take a key back at once')
    .action(async (id: string) => {
      const office = await open()
      await office.agreements.revoke(id)
      await office.close()
    })
}
