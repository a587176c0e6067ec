import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { parseConfig } from '../config.ts'
import { ProblemError } from '../problem.ts'
import { verifyBackup } from './backup.ts'
import { type Custody, custodyOf } from './custody.ts'
import { registerRecomputeCommand } from './recompute-command.ts'
import { type CustodyOffice, keyFolder } from './custody-office.ts'
import { connectCustody } from './custody-socket.ts'
import { saveKeys } from '../custody/file-keyring.ts'
import { importKeyring, type KeyringExport } from '../custody/keyring-export.ts'
import { type KeyPurpose, keyPurposes } from '../custody/keys.ts'
import { generateKey } from '../custody/stored-key.ts'

type Print = (line: string) => void
type Within = (work: (custody: Custody) => Promise<void>) => Promise<void>

/**
 * The commands of custodian and supervisor. They ask the running server, or open the data folder themselves when none runs.
 * @param connect finds the running server.
 */
export function registerCustodyCommands(
  program: Command,
  open: () => Promise<CustodyOffice>,
  print: Print = console.log,
  connect: () => Promise<Custody | undefined> = () => connectCustody(parseConfig(process.env).dataFolder),
): void {
  const within: Within = async (work) => {
    const running = await connect()
    if (running) return work(running)
    const office = await open()
    try {
      await work(custodyOf(office))
    } finally {
      await office.close()
    }
  }
  registerKeyCommands(program, within, print)
  registerWithdrawalCommands(program, within, print)
  registerKeepingCommands(program, within, print)
  registerRecomputeCommand(program, within, print)
  registerReviewCommands(program, within, print)
}

function registerKeyCommands(program: Command, within: Within, print: Print): void {
  const keys = program.command('keys').description('the keyring')
  keys
    .command('list')
    .description('every key, without its material')
    .action(() =>
      within(async (custody) => {
        for (const { kid, purpose, state, created } of await custody.listKeys({}))
          print([purpose.padEnd(20), state.padEnd(8), created, kid].join('  '))
      }),
    )
  keys
    .command('rotate')
    .description('makes a new current key; what the old one made stays readable')
    .argument('<purpose>', keyPurposes.join(', '), purposeOf)
    .action((purpose: KeyPurpose) =>
      within(async (custody) => print(`${purpose}: ${(await custody.rotateKey({ purpose })).kid} is current.`)),
    )
  keys
    .command('export')
    .description('a copy of the keyring that several custodians must open together')
    .argument('<file>', 'where the sealed copy goes; the shares are only printed')
    .option('--shares <count>', 'custodians', wholeNumber, 3)
    .option('--needed <count>', 'custodians needed to open it', wholeNumber, 2)
    .action((path: string, { shares, needed }: { shares: number; needed: number }) =>
      within(async (custody) => {
        const made = await custody.exportKeys({ shares, needed })
        await writeFile(path, `${JSON.stringify(made.file)}\n`, { mode: 0o600, flag: 'wx' })
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
      within(async (custody) => {
        const verdict = await custody.verifyAudit({})
        if (verdict.kind === 'broken') throw new ProblemError('audit-broken', verdict.problem)
        print(`The audit chain is whole: ${verdict.entries} entries, ${verdict.heads} printed head(s) found in it.`)
      }),
    )
}

interface WithdrawOptions {
  readonly record?: string
  readonly proof?: boolean
  readonly reapply?: boolean
}

function registerWithdrawalCommands(program: Command, within: Within, print: Print): void {
  program
    .command('withdraw')
    .description('a household takes its interview back: everything of it is erased, and provably so')
    .argument('[code]', 'the code on the household’s slip')
    .option('--record <id>', 'by record id instead of a code')
    .option('--proof', 'only show what the audit chain says of this code')
    .option('--reapply', 'after a restore: erase again everything the audit chain knows as withdrawn')
    .action((code: string | undefined, { record, proof, reapply }: WithdrawOptions) =>
      within(async (custody) => {
        if (reapply) {
          const { erased } = await custody.reapplyWithdrawals({})
          return print(`${erased} interview(s) that the backup had brought back are erased again.`)
        }
        if (code !== undefined && proof) return printProof(await custody.proveWithdrawal({ code }), print)
        if (code !== undefined) return print(said[(await custody.withdraw({ code })).kind])
        if (record !== undefined) return print(said[(await custody.withdraw({ record })).kind])
        throw new ProblemError('invalid-request', 'Give the code on the slip, or --record with an id.')
      }),
    )
}

const said = {
  erased: 'Erased, in every version: from the inbox, the quarantine, the vault and the warehouse. Later releases are made without it.',
  noted: 'No such interview has arrived yet. It is noted: when it arrives, it is not taken in. Check the code if the interview was sent.',
} as const

function printProof(entries: Awaited<ReturnType<Custody['proveWithdrawal']>>, print: Print): void {
  for (const { seq, at, action, hash, facts } of entries) print(`${at}  entry ${seq}  ${action}  ${JSON.stringify(facts)}  ${hash}`)
  if (entries.length === 0) print('The audit chain knows no withdrawal with this code.')
}

function registerKeepingCommands(program: Command, within: Within, print: Print): void {
  program
    .command('backup')
    .description('copies warehouse, sealed records and audit chain, reads the copies back, and lets the phones free theirs')
    .argument('<folder>', 'a new folder, on another disk')
    .action((folder: string) =>
      within(async (custody) => {
        const { inbox, warehouse } = await custody.backUp({ folder: resolve(folder) })
        print(
          `Verified: ${inbox.records} sealed records, ${Object.keys(warehouse.tables).length} tables. Keys are not in it: use tala keys export.`,
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
      within(async (custody) => {
        const { destroyed, records, identitiesKept } = await custody.closeRound({ round, backup: resolve(backup) })
        print(
          `${round} is closed: ${destroyed.length} key(s) destroyed, ${records} sealed records unreadable, ${identitiesKept} identities kept by consent.`,
        )
      }),
    )
  program
    .command('retention')
    .description('what may no longer be kept; without --apply it only counts')
    .option('--apply', 'remove it')
    .action(({ apply = false }: { apply?: boolean }) =>
      within(async (custody) => {
        for (const { class: name, records, before, days, basis } of await custody.retain({ apply }))
          print(`${name}: ${records} ${name === 'logs' ? 'entries' : 'record(s)'} from before ${before} (${days} days; ${basis})`)
        print(apply ? 'Removed.' : 'Nothing was removed; repeat with --apply.')
      }),
    )
}

function registerReviewCommands(program: Command, within: Within, print: Print): void {
  const review = program.command('review').description('records that wait for a person')
  review
    .command('list')
    .description('held records first, then warnings; names no answer')
    .action(() =>
      within(async (custody) => {
        const queue = await custody.review({})
        for (const { record, status, area, flags } of queue) {
          const rules = flags.map(({ code, name }) => (name === null || name === code ? code : `${code}(${name})`))
          print([record, status, area ?? '', rules.join(' ')].join('  '))
        }
        print(`${queue.length} waiting.`)
      }),
    )
  review
    .command('field')
    .description(
      'what records beside each other show: homes and people that look like twins, phones and answers far from the others, coverage',
    )
    .option('--round <id>', 'default: the round of the last record')
    .action(({ round }: { round?: string }) =>
      within(async (custody) => printField(await custody.fieldQuality(round === undefined ? {} : { round }), print)),
    )
  for (const [decided, description] of decisions)
    review
      .command(decided)
      .description(description)
      .argument('<record>')
      .option('--comment <text>', 'about the work, never about the household', '')
      .action((record: string, { comment }: { comment: string }) =>
        within(async (custody) => {
          await custody.decide({ record, decided, comment })
          print(`${record}: ${decided}.`)
        }),
      )
}

function printField(quality: Awaited<ReturnType<Custody['fieldQuality']>>, print: Print): void {
  const { round, homeTwins, personTwins, enumerators, outliers, coverage } = quality
  print(`Round ${round}. For a look, never a judgement by itself; no answer is shown.`)
  for (const { records } of homeTwins) print(`twin homes  ${records.join('  ')}`)
  for (const { pair, agreeing, compared } of personTwins)
    print(
      `twin people  ${pair.map(({ record, member }) => `${record} member ${member}`).join('  ')}  ${agreeing} of ${compared} answers agree`,
    )
  for (const { device, interviews, unusual } of enumerators)
    if (unusual.length > 0) print(`phone  ${device}  ${interviews} interviews, unusual: ${unusual.join(', ')}`)
  for (const { record, question, member, distance } of outliers)
    print(`far  ${record}  ${question}${member === null ? '' : ` of member ${member}`}  ${distance > 0 ? 'large' : 'small'}`)
  for (const { area, listed, visited, interviewed, held, refused, absent, noHome, other } of coverage)
    print(
      `area  ${area}  ${listed ?? 'not'} listed, ${visited} visited: ${interviewed} interviewed, ${held} held, ${refused} refused, ${absent} absent, ${noHome} no home, ${other} other`,
    )
}

const decisions = [
  ['accept', 'it counts'],
  ['hold', 'it stays out'],
  ['return', 'the phone gets it back'],
] as const

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
