import { readFile, writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { decide, reviewQueue } from '../ingest/review.ts'
import { ProblemError } from '../problem.ts'
import { verifyAudit } from './audit-chain.ts'
import { backUp, verifyBackup } from './backup.ts'
import { closeRound } from './close-round.ts'
import { auditEntries, auditPath, type CustodyOffice, dictionariesOf, keyFolder, printedHeads } from './custody-office.ts'
import { saveKeys } from './file-keyring.ts'
import { exportKeyring, importKeyring, type KeyringExport } from './keyring-export.ts'
import { type KeyPurpose, keyPurposes } from './keys.ts'
import { applyRetention } from './retention.ts'
import { generateKey } from './stored-key.ts'
import { proofOfWithdrawal, reapplyWithdrawals, tombstonesOf, withdrawByCode, withdrawRecord } from './withdrawal.ts'

type Open = () => Promise<CustodyOffice>
type Print = (line: string) => void

/** The custodian's commands. They open the data folder themselves: the server must not run meanwhile. */
export function registerCustodyCommands(program: Command, open: Open, print: Print = console.log): void {
  registerKeyCommands(program, open, print)
  registerWithdrawalCommands(program, open, print)
  registerKeepingCommands(program, open, print)
  registerReviewCommands(program, open, print)
}

const placesOf = ({ warehouse, keys, audit, stores, now }: CustodyOffice) => ({
  warehouse,
  keys,
  audit,
  inbox: stores.inbox,
  quarantine: stores.quarantine,
  clock: now,
})

/** Opens the house for one command and closes it whatever happens. */
async function within(open: Open, work: (office: CustodyOffice) => Promise<void>): Promise<void> {
  const office = await open().catch((error: unknown) => {
    if (error instanceof Error && /lock/i.test(error.message))
      throw new ProblemError(
        'storage-unavailable',
        'The server is running with this data folder; stop it, then repeat the command.',
        {},
        { cause: error },
      )
    throw error
  })
  try {
    await work(office)
  } finally {
    await office.close()
  }
}

function registerKeyCommands(program: Command, open: Open, print: Print): void {
  const keys = program.command('keys').description('the keyring')
  keys
    .command('list')
    .description('every key, without its material')
    .action(() =>
      within(open, async (office) => {
        for (const { kid, purpose, state, created } of office.keys.all())
          print([purpose.padEnd(20), state.padEnd(8), created, kid].join('  '))
      }),
    )
  keys
    .command('rotate')
    .description('makes a new current key; what the old one made stays readable')
    .argument('<purpose>', keyPurposes.join(', '), purposeOf)
    .action((purpose: KeyPurpose) =>
      within(open, async (office) => {
        const { kid } = await office.keys.rotate(purpose)
        await office.audit.append({ actor: 'custodian', action: 'key.rotated', subject: kid, facts: { purpose } })
        print(`${purpose}: ${kid} is current.`)
      }),
    )
  keys
    .command('export')
    .description('a copy of the keyring that several custodians must open together')
    .argument('<file>', 'where the sealed copy goes; the shares are only printed')
    .option('--shares <count>', 'custodians', wholeNumber, 3)
    .option('--needed <count>', 'custodians needed to open it', wholeNumber, 2)
    .action((path: string, { shares, needed }: { shares: number; needed: number }) =>
      within(open, async (office) => {
        const made = exportKeyring(office.keys, shares, needed)
        await writeFile(path, `${JSON.stringify(made.file)}\n`, { mode: 0o600, flag: 'wx' })
        await office.audit.append({ actor: 'custodian', action: 'keyring.exported', subject: 'keyring', facts: { shares, needed } })
        print(`${needed} of these ${shares} lines open the copy. Give each to another person; they are not shown again.`)
        for (const share of made.shares) print(share)
      }),
    )
  keys
    .command('import')
    .description('puts an exported keyring into an empty data folder')
    .argument('<file>')
    .argument('<shares...>', 'lines that begin with tala-share-')
    .requiredOption('--data <folder>', 'the data folder')
    .action(async (path: string, shares: string[], { data }: { data: string }) => {
      const stored = importKeyring(JSON.parse(await readFile(path, 'utf8')) as KeyringExport, shares)
      await saveKeys(keyFolder(data), stored)
      print(`${stored.length} keys are in ${keyFolder(data)}.`)
    })
  keys
    .command('new')
    .description('prints a new keyring for TALA_KEYRING; keep it in a secret store')
    .action(() => print(JSON.stringify(keyPurposes.map((purpose) => generateKey(purpose, new Date())))))
  program
    .command('audit')
    .description('the audit chain')
    .command('verify')
    .description('checks every link, and every head that a release has printed')
    .action(() =>
      within(open, async (office) => {
        const { dataFolder } = office.config
        const heads = await printedHeads(dataFolder)
        const verdict = await verifyAudit(auditPath(dataFolder), heads, office.keys)
        if (verdict.kind === 'broken') throw new ProblemError('audit-broken', verdict.problem)
        print(`The audit chain is whole: ${verdict.entries} entries, ${heads.length} printed head(s) found in it.`)
      }),
    )
}

function registerWithdrawalCommands(program: Command, open: Open, print: Print): void {
  program
    .command('withdraw')
    .description('a household takes its interview back: everything of it is erased, and provably so')
    .argument('[code]', 'the code on the household’s slip')
    .option('--record <id>', 'by record id instead of a code')
    .option('--proof', 'only show what the audit chain says of this code')
    .option('--reapply', 'after a restore: erase again everything the audit chain knows as withdrawn')
    .action((code: string | undefined, { record, proof, reapply }: { record?: string; proof?: boolean; reapply?: boolean }) =>
      within(open, async (office) => {
        if (reapply) {
          const again = await reapplyWithdrawals(placesOf(office), tombstonesOf(await auditEntries(office.config.dataFolder)))
          print(`${again} interview(s) that the backup had brought back are erased again.`)
          return
        }
        if (code === undefined && record === undefined)
          throw new ProblemError('invalid-request', 'Give the code on the slip, or --record with an id.')
        if (proof && code !== undefined) {
          const found = proofOfWithdrawal(await auditEntries(office.config.dataFolder), office.keys, code)
          for (const { seq, at, action, facts = {} } of found) print(`${at}  entry ${seq}  ${action}  ${JSON.stringify(facts)}`)
          if (found.length === 0) print('The audit chain knows no withdrawal with this code.')
          return
        }
        const done =
          code === undefined
            ? await withdrawRecord(placesOf(office), record ?? '', 'custodian')
            : await withdrawByCode(placesOf(office), code, 'custodian')
        print(
          done.kind === 'erased'
            ? `Erased: ${done.records} record(s), in the inbox, the quarantine, the vault and the warehouse. Later releases are made without them.`
            : 'No interview with this code has arrived yet. It is noted: when it arrives, it is not taken in. Check the code if the interview was sent.',
        )
      }),
    )
}

function registerKeepingCommands(program: Command, open: Open, print: Print): void {
  program
    .command('backup')
    .description('copies warehouse, sealed records and audit chain, reads the copies back, and lets the phones free theirs')
    .argument('<folder>', 'a new folder, on another disk')
    .action((folder: string) =>
      within(open, async (office) => {
        const manifest = await backUp({ ...placesOf(office), auditPath: auditPath(office.config.dataFolder) }, folder)
        print(
          `Verified: ${manifest.inbox.records} sealed records, ${Object.keys(manifest.warehouse.tables).length} tables. Keys are not in it: use tala keys export.`,
        )
      }),
    )
  program
    .command('backup-check')
    .description('reads a backup and holds it against its manifest')
    .argument('<folder>')
    .action(async (folder: string) => {
      const { at, inbox } = await verifyBackup(folder)
      print(`The backup of ${at} is whole: ${inbox.records} sealed records.`)
    })
  program
    .command('close-round')
    .description('destroys the sealing keys of a round after a verified backup: no sealed copy can ever be opened again')
    .argument('<round>')
    .requiredOption('--backup <folder>', 'the last backup, made by tala backup')
    .requiredOption('--yes', 'cannot be undone')
    .action((round: string, { backup }: { backup: string }) =>
      within(open, async (office) => {
        const closed = await closeRound({ ...placesOf(office), dictionary: await dictionariesOf(office) }, round, backup)
        print(
          `${round} is closed: ${closed.destroyed.length} key(s) destroyed, ${closed.records} sealed records unreadable, ${closed.identitiesKept} identities kept by consent.`,
        )
      }),
    )
  program
    .command('retention')
    .description('what may no longer be kept; without --apply it only counts')
    .option('--apply', 'remove it')
    .action(({ apply }: { apply?: boolean }) =>
      within(open, async (office) => {
        const report = await applyRetention(placesOf(office), office.now().toISOString().slice(0, 10), apply !== true)
        for (const line of report)
          print(`${line.class}: ${line.records} record(s) from before ${line.before} (${line.days} days; ${line.basis})`)
        print(apply ? 'Removed.' : 'Nothing was removed; repeat with --apply.')
      }),
    )
}

function registerReviewCommands(program: Command, open: Open, print: Print): void {
  const review = program.command('review').description('records that wait for a person')
  review
    .command('list')
    .description('held records first, then warnings; names no answer')
    .action(() =>
      within(open, async (office) => {
        const queue = await office.warehouse.read((connection) => reviewQueue(connection))
        for (const { record, status, area, flags } of queue)
          print(
            [
              record,
              status,
              area ?? '',
              flags.map(({ code, name }) => (name === null || name === code ? code : `${code}(${name})`)).join(' '),
            ].join('  '),
          )
        print(`${queue.length} waiting.`)
      }),
    )
  for (const decided of ['accept', 'hold', 'return'] as const)
    review
      .command(decided)
      .argument('<record>')
      .option('--comment <text>', 'about the work, never about the household', '')
      .action((record: string, { comment }: { comment: string }) =>
        within(open, async (office) => {
          await decide(office.warehouse, { record, decided, by: 'supervisor', comment }, office.now())
          await office.audit.append({ actor: 'supervisor', action: `review.${decided}`, subject: record })
          print(`${record}: ${decided}.`)
        }),
      )
}

function purposeOf(text: string): KeyPurpose {
  const purpose = keyPurposes.find((each) => each === text)
  if (!purpose) throw new InvalidArgumentError(`It is one of ${keyPurposes.join(', ')}.`)
  return purpose
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}
