import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { AuditChain } from '../custody/audit-chain.ts'
import { type AttackResult, isApproved } from '../disclosure/report/risk-report.ts'
import { isPublic, openAlone } from './approval.ts'
import { extractWords, makeExtract, readResidents } from './make-extract.ts'
import { makeRelease, type ReleaseMaterials } from './make-release.ts'
import { listReleases, openRelease } from './open-release.ts'
import { signRiskReport, writeRiskReport } from './risk-file.ts'

/** What the commands need of the open house. */
export interface ReleaseOffice {
  /** Everything a release of the round (default: the current one) is made from. */
  materials(round?: string): Promise<ReleaseMaterials>
  readonly audit: Pick<AuditChain, 'append'>
  close(): Promise<void>
}

interface ExtractWords {
  readonly residents: number
  readonly for: string
  readonly areaResidents?: string
  readonly json?: boolean
}

interface ReportWords {
  readonly attacks: string
  readonly persons: number
  readonly households: number
  readonly smallestArea: number
  readonly contact: string
  readonly purpose: string
  readonly basis: string
  readonly recipient: string
  readonly protocol: string
}

/** `tala release …`: protect and freeze what a round publishes. @param folder the data folder */
export function registerReleaseCommands(program: Command, open: () => Promise<ReleaseOffice>, folder: () => string): void {
  const release = program.command('release').description('protected, frozen figures of a round')
  release
    .command('make')
    .description('tabulate a round, protect all planned tables and freeze them: a draft until it is approved')
    .option('--round <id>', 'default: the current round')
    .option('--id <id>', 'id of the release, which can never be used again; default: the round and the next number')
    .option('--approve <name>', 'approve it at once, alone: name and role, where an office has one person only')
    .option('--json', 'print the facts as JSON')
    .action(async ({ round, id, approve, json }: { round?: string; id?: string; approve?: string; json?: boolean }) => {
      const office = await open()
      try {
        const { release: made } = await makeRelease(await office.materials(round), { onProgress: progressLine(), ...(id ? { id } : {}) })
        const { cells, published, withheld } = made.manifest.protection
        if (approve) await openAlone({ dataFolder: folder(), audit: office.audit }, made.id, signedNow(approve))
        if (json) console.log(JSON.stringify({ id: made.id, folder: made.folder, cells, published, withheld, public: Boolean(approve) }))
        else
          console.log(
            `Release ${made.id}: ${published} of ${cells} figures published, ${withheld} withheld.\n${made.folder}\n${approve ? 'Approved: readers see it.' : draftWords(made.id)}`,
          )
      } finally {
        await office.close()
      }
    })
  release
    .command('list')
    .description('all releases, newest first')
    .action(async () => {
      for (const { id, round, published, protection } of await listReleases(folder()))
        console.log(
          `${id}  round ${round}  ${published.slice(0, 10)}  ${protection.published} figures, ${protection.withheld} withheld${(await isPublic(folder(), id)) ? '' : '  draft'}`,
        )
    })
  release
    .command('approve <id>')
    .description('approve a release alone, where an office has one person only; the audit chain keeps that it was one')
    .requiredOption('--who <name>', 'name and role of the person who decides')
    .action(async (id: string, { who }: { who: string }) => {
      const office = await open()
      try {
        await openAlone({ dataFolder: folder(), audit: office.audit }, id, signedNow(who))
        console.log(`Release ${id} is approved: readers see it.`)
      } finally {
        await office.close()
      }
    })
  release
    .command('report <id>')
    .description('write the risk report of a release for the data-protection officer')
    .requiredOption('--attacks <file>', 'what npm run attack -- --json wrote')
    .requiredOption('--persons <n>', 'people in the frame', Number)
    .requiredOption('--households <n>', 'homes in the frame', Number)
    .requiredOption('--smallest-area <n>', 'people in the smallest area', Number)
    .requiredOption('--contact <words>', 'whom to call in an incident')
    .option('--purpose <words>', 'what the figures are for', 'official statistics of the community')
    .option('--basis <words>', 'legal basis', 'consent of each household')
    .option('--recipient <words>', 'who receives them', 'the public')
    .option('--protocol <words>', 'information sharing protocol', 'none')
    .action(async (id: string, words: ReportWords) => {
      const { tests } = JSON.parse(await readFile(words.attacks, 'utf8')) as { tests: readonly AttackResult[] }
      const { persons, households, smallestArea, contact, purpose, basis, recipient, protocol } = words
      const report = await writeRiskReport(
        folder(),
        id,
        tests,
        {
          purpose,
          legalBasis: basis,
          recipient,
          protocol,
          incidentContact: contact,
          codeVersion: process.env.npm_package_version ?? 'unknown',
        },
        { persons, households, smallestArea },
      )
      console.log(`Residual risk: ${report.decision.residualRisk} Two signatures are needed: tala release sign ${id} --who "<name, role>"`)
    })
  release
    .command('sign <id>')
    .description('approve or hold a release; two different people must approve, and the audit chain keeps each signature')
    .requiredOption('--who <name>', 'name and role of the person who decides')
    .option('--hold', 'do not release')
    .requiredOption('--review <day>', 'day of the next review, YYYY-MM-DD')
    .action(async (id: string, { who, hold, review }: { who: string; hold?: boolean; review: string }) => {
      const office = await open()
      try {
        const approval = { ...signedNow(who), decision: hold ? ('hold' as const) : ('release' as const) }
        const signed = await signRiskReport({ dataFolder: folder(), audit: office.audit }, id, approval, review, 'release')
        console.log(isApproved(signed) ? 'Approved by two people: readers see it.' : `${signed.decision.approvals.length} of 2 signatures.`)
      } finally {
        await office.close()
      }
    })
  program
    .command('extract <release>')
    .description('write the records of a released round, anonymized, into the release for agreements that cover records')
    .requiredOption('--residents <n>', 'people living in the area of the round, by the census', Number)
    .option('--for <recipient>', 'licensed, hostGovernment or public: how many people everybody must be alike to', 'hostGovernment')
    .option('--area-residents <file>', 'CSV with code,residents of the areas that could be named')
    .option('--json', 'print the utility report as JSON')
    .action(async (id: string, { residents, for: recipient, areaResidents, json }: ExtractWords) => {
      const office = await open()
      try {
        const { round } = await openRelease(folder(), id)
        const made = await makeExtract(await office.materials(round), {
          release: id,
          recipient,
          residents: new Map([['_T', residents], ...(areaResidents ? await readResidents(areaResidents) : [])]),
        })
        if (json) console.log(JSON.stringify(made))
        else console.log(extractWords(made))
      } finally {
        await office.close()
      }
    })
  release
    .command('check <id>')
    .description('check the signature and every file of a release')
    .action(async (id: string) => {
      const { tables } = await openRelease(folder(), id)
      console.log(`Release ${id} is whole: ${tables.length} tables are as they were released.`)
    })
}

const signedNow = (who: string) => ({ who, at: new Date().toISOString() })

const draftWords = (id: string) =>
  `A draft: readers see it when two people have signed its risk report (tala release report ${id}, tala release sign ${id}).`

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
