import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { parseConfig } from '../config.ts'
import { openStores } from '../inbox/open-stores.ts'
import { readAreas } from './areas.ts'
import { registerDesignCommand } from './design-command.ts'
import { enrolmentQr } from './enrolment-link.ts'
import { registerListingCommand } from './listing-command.ts'
import { officeOf, type Office } from './office.ts'
import { connectOffice } from './office-socket.ts'

/** Commands of field work: rounds, invitations, phones. They ask the running server, or open the stores when none runs. */
export function registerFieldworkCommands(program: Command, print: (line: string) => void = console.log): void {
  const round = program.command('round').description('rounds of field work')
  round
    .command('list')
    .description('rounds, the one that new phones join first')
    .action(() => withOffice(async (office) => printRounds(await office.rounds({}), print)))
  round
    .command('open')
    .description('opens a round: publishes its questionnaire and makes new phones join it')
    .argument('<id>', 'letters, digits and dashes, e.g. 2027-03')
    .requiredOption('--title <text>', 'its name')
    .requiredOption('--areas <file.csv>', 'area register: code,name,level,parent')
    .requiredOption('--questionnaire <file.json>', 'compiled questionnaire')
    .requiredOption('--reference-day <day>', 'YYYY-MM-DD')
    .requiredOption('--starts <day>', 'YYYY-MM-DD')
    .requiredOption('--ends <day>', 'YYYY-MM-DD')
    .option('--set <name=value...>', 'settings of the questionnaire, e.g. home_country=PHL', [])
    .action((id: string, options: RoundOptions) =>
      withOffice(async (office) => print(`Round ${(await openRound(office, id, options)).id} is open.`)),
    )
  registerDesignCommand(round, withOffice, print)
  registerListingCommand(round, withOffice, print)

  program
    .command('invite')
    .description('makes a link for one phone, good once and for 24 hours')
    .option('--area <code...>', 'areas it works in, with everything below them; all when absent')
    .option('--role <role>', 'enumerator or supervisor', 'enumerator')
    .option('--certified', 'its enumerator is trained in safe interviewing: the phone may open the private section on safety')
    .option('--device <id>', 'renews a known phone: it keeps its id and records')
    .action((options: InviteOptions) => withOffice((office) => printInvitation(office, options, print)))

  program
    .command('devices')
    .description('phones in field work')
    .option('--silent <days>', 'only active phones that were not heard of for so many days')
    .action(({ silent }: { silent?: string }) =>
      withOffice(async (office) => {
        const found = await office.devices(silent === undefined ? {} : { silentDays: Number(silent) })
        for (const { id, state, role, lastSeen, revokedWhy } of found)
          print([id, state, role, `last seen ${lastSeen}`, revokedWhy ?? ''].join('  '))
        if (found.length === 0) print('No phones.')
      }),
    )
  program
    .command('failures')
    .description('what was refused or kept apart of a phone')
    .argument('<device>')
    .action((device: string) =>
      withOffice(async (office) => {
        for (const { when, kind, id, reason } of await office.failures({ device })) print([when, kind, id, reason].join('  '))
      }),
    )
  program
    .command('revoke')
    .description('takes a phone out of field work; what it sent stays')
    .argument('<device>')
    .requiredOption('--why <text>', 'e.g. lost, stolen, enumerator left')
    .action((device: string, { why }: { why: string }) =>
      withOffice(async (office) => print(`${(await office.revoke({ device, why })).id} is revoked; it is stopped within 30 seconds.`)),
    )

  program
    .command('recordings')
    .description('takes in a pack of spoken questions that a phone has recorded; the phones of the round can then bring it')
    .argument('<file.tar>')
    .action((file: string) =>
      withOffice(async (office) => {
        const { language, sounds, missing, bytes } = await office.addRecordings({ pack: (await readFile(file)).toString('base64') })
        print(
          `${sounds} recordings in ${language}, ${(bytes / 1e6).toFixed(1)} MB; ${missing} texts are not spoken, their buttons stay hidden.`,
        )
      }),
    )

  program
    .command('reconciliations')
    .description('nightly comparisons of inbox and warehouse, the newest first; each line below one is a phone and a day that differ')
    .action(() =>
      withOffice(async (office) => {
        const reports = await office.reconciliations({})
        for (const { when, records, devices, replayed, incidents } of reports) {
          print(`${when}  ${records} records of ${devices} phones${replayed ? ', read again' : ''}, ${incidents.length} differences`)
          for (const { device, day, inbox, warehouse } of incidents) print(`  ${device}  ${day}  inbox ${inbox}  warehouse ${warehouse}`)
        }
        if (reports.length === 0) print('No night has passed yet.')
      }),
    )

  const quarantine = program.command('quarantine').description('records that were kept apart')
  quarantine.command('list').action(() =>
    withOffice(async (office) => {
      for (const { _id, received, reasons } of await office.quarantine({}))
        print([_id, received, reasons.map(({ code, name }) => name ?? code).join(', ')].join('  '))
    }),
  )
  quarantine
    .command('release')
    .description('lets records through to the checks of ingest')
    .argument('<id...>')
    .action((ids: string[]) => withOffice(async (office) => print(`${(await office.release({ ids })).released} released.`)))
}

interface RoundOptions {
  readonly title: string
  readonly areas: string
  readonly questionnaire: string
  readonly referenceDay: string
  readonly starts: string
  readonly ends: string
  readonly set: readonly string[]
}
interface InviteOptions {
  readonly area?: readonly string[]
  readonly role: 'enumerator' | 'supervisor'
  readonly certified?: boolean
  readonly device?: string
}

async function withOffice(work: (office: Office) => Promise<unknown>): Promise<void> {
  const config = parseConfig(process.env)
  const running = await connectOffice(config.dataFolder)
  if (running) {
    await work(running)
    return
  }
  const stores = await openStores(config)
  try {
    await work(officeOf({ stores, publicUrl: config.publicUrl, now: () => new Date() }))
  } finally {
    await stores.close()
  }
}

async function openRound(office: Office, id: string, options: RoundOptions): Promise<Round> {
  const areas = readAreas(await readFile(options.areas, 'utf8'))
  const questionnaire = JSON.parse(await readFile(options.questionnaire, 'utf8')) as Questionnaire
  const settings = Object.fromEntries(options.set.map(asSetting))
  const { title, referenceDay, starts, ends } = options
  return office.openRound({ round: { id, title, referenceDay, starts, ends, settings }, questionnaire, areas })
}

function asSetting(text: string): [string, string | number] {
  const [name = '', value = ''] = text.split('=')
  return [name, /^-?\d+$/.test(value) ? Number(value) : value]
}

async function printInvitation(
  office: Office,
  { area, role, certified, device }: InviteOptions,
  print: (line: string) => void,
): Promise<void> {
  const { link, expires, areas } = await office.invite({
    role,
    ...(area ? { areas: area } : {}),
    ...(certified ? { certified } : {}),
    ...(device === undefined ? {} : { device }),
  })
  print(enrolmentQr(link))
  print(link)
  print(`For one ${role}'s phone, once, until ${expires}; areas ${areas.join(', ')}.`)
}

function printRounds(
  { current, rounds }: { readonly current: string | null; readonly rounds: readonly Round[] },
  print: (line: string) => void,
): void {
  for (const { id, title, questionnaire, starts, ends } of rounds) {
    print([id === current ? '*' : ' ', id, title, `${questionnaire.id} ${questionnaire.version}`, `${starts} to ${ends}`].join('  '))
  }
}
