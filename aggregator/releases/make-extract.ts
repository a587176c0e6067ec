import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import policy from '../../schemas/disclosure.json' with { type: 'json' }
import { type AnonymizedMicrodata, anonymize } from '../disclosure/microdata/anonymize.ts'
import { mayReleaseRecords, type Recipient } from '../disclosure/microdata/permission.ts'
import { type RecordColumns, recordColumns } from '../disclosure/microdata/record-columns.ts'
import { personRepeat, tableOf } from '../indicators/sql-names.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'
import { ProblemError } from '../problem.ts'
import type { ReleaseMaterials } from './make-release.ts'
import { signManifest } from './signature.ts'
import { writeRecordFiles } from './record-files.ts'

export interface ExtractOptions {
  /** The release whose round the records are of; they lie in its folder, in `records/`. */
  readonly release: string
  readonly recipient: string
  /** People living in each area by code, `_T` for the whole; an area without a figure is not named. */
  readonly residents: ReadonlyMap<string, number>
}

/** What a user of the records must know of what was lost; no count of a class of the population. */
export interface UtilityReport {
  readonly schema: 'utility/1'
  readonly release: string
  readonly recipient: Recipient
  readonly k: number
  readonly l: number
  readonly sample: number
  readonly records: number
  readonly dropped: number
  readonly splitHouseholds: number
  /** Per column: the step of its grouping, of how many, and hidden answers. */
  readonly columns: readonly { readonly column: string; readonly step: number; readonly steps: number; readonly hidden: number }[]
  /** Share of each category of the sensitive column before and after, percent. */
  readonly shares: readonly { readonly code: string; readonly before: number; readonly after: number }[]
}

const fewestValues = 2
const mostOutside = 0.01

/**
 * Records of people who agreed to sharing without names, generalized so that everybody is like at least k - 1 others, a sample of the
 * households, with fresh numbers. One extract per release: two of the same people would be held against each other.
 * @throws ProblemError `release-unsafe` where the area is too small, `release-exists`, `invalid-request`
 */
export async function makeExtract(materials: ReleaseMaterials, options: ExtractOptions): Promise<UtilityReport> {
  const { dataFolder, warehouse, round, questionnaire } = materials
  const recipient = recipientOf(options.recipient)
  const folder = join(dataFolder, 'releases', options.release, 'records')
  if (
    await readFile(join(folder, 'utility.json')).then(
      () => true,
      () => false,
    )
  )
    throw new ProblemError('release-exists', `Release ${options.release} has its records already; make the next release for other ones.`)
  const frame = await warehouse.read((connection) => frameByArea(connection, questionnaire, round.id))
  const total = [...frame.values()].reduce((sum, each) => sum + each, 0)
  const allowed = mayReleaseRecords({ residents: options.residents.get('_T') ?? 0, frame: total }, recipient)
  if (!allowed.allowed) throw new ProblemError('release-unsafe', allowed.why)
  const isNamed = (code: string) =>
    mayReleaseRecords({ residents: options.residents.get(code) ?? 0, frame: inside(code, round.areas, frame) }, recipient).allowed
  const columns = recordColumns(questionnaire, round.areas, isNamed)
  const { sample } = policy.microdata
  const made = await warehouse.read(async (connection) => {
    await connection.run(`create or replace temp table records as ${columns.sql}`, { round: round.id })
    try {
      const { identifiers, sensitive, household } = columns
      const spec = {
        release: options.release,
        level: 'person',
        identifiers,
        sensitive,
        household,
        k: allowed.k,
        l: fewestValues,
        limit: mostOutside,
        sample,
        seed: randomBytes(32).toString('hex'),
      } as const
      const before = await connection.runAndReadAll(`select "${sensitive.column}"::integer, count(*)::integer from records group by 1`)
      return {
        ...(await anonymize(connection, 'records', spec)),
        before: new Map(before.getRows().map(([code, count]) => [Number(code), Number(count)])),
      }
    } finally {
      for (const table of ['records', 'sampled', 'base', 'general', 'done', 'rest', 'judged'])
        await connection.run(`drop table if exists temp.${table}`)
    }
  })
  if (made.extract.rows.length === 0) throw new ProblemError('release-unsafe', 'Nobody is alike to enough others; release tables instead.')
  const report = utilityReport(options.release, recipient, allowed.k, sample, columns, made)
  await materials.audit.append({
    actor: 'release',
    action: 'extract',
    subject: `release:${options.release}`,
    facts: { records: report.records, k: report.k },
  })
  await write(materials, folder, report, made)
  return report
}

function recipientOf(name: string): Recipient {
  if (name in policy.microdata.recipients) return name as Recipient
  throw new ProblemError('invalid-request', `Records go to one of ${Object.keys(policy.microdata.recipients).join(', ')}.`)
}

type Connection = Parameters<Parameters<ReleaseMaterials['warehouse']['read']>[0]>[0]

async function frameByArea(connection: Connection, questionnaire: Questionnaire, round: string): Promise<ReadonlyMap<string, number>> {
  const people = quotedIdentifier(`shareable_${tableOf(questionnaire, personRepeat(questionnaire))}`)
  const found = await connection.runAndReadAll(`select area, count(*)::integer from ${people} where round = $round group by 1`, { round })
  return new Map(found.getRows().map(([area, count]) => [String(area), Number(count)]))
}

function inside(code: string, areas: ReleaseMaterials['round']['areas'], frame: ReadonlyMap<string, number>): number {
  const children = areas.filter(({ parent }) => parent === code)
  return (frame.get(code) ?? 0) + children.reduce((sum, each) => sum + inside(each.code, areas, frame), 0)
}

function utilityReport(
  release: string,
  recipient: Recipient,
  k: number,
  sample: number,
  { identifiers, sensitive }: RecordColumns,
  { search, utility, extract, before }: AnonymizedMicrodata & { readonly before: ReadonlyMap<number, number> },
): UtilityReport {
  const all = [...before.values()].reduce((sum, each) => sum + each, 0)
  const last = extract.columns.length - 1
  const percent = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10
  return {
    schema: 'utility/1',
    release,
    recipient,
    k,
    l: fewestValues,
    sample,
    records: utility.records,
    dropped: utility.dropped,
    splitHouseholds: utility.splitHouseholds,
    columns: Object.entries(utility.suppressedCells).map(([column, hidden], at) => ({
      column,
      step: search.best[at] ?? 0,
      steps: (identifiers[at]?.levels.length ?? 1) - 1,
      hidden,
    })),
    // Rounded to whole percent before, because nobody has promised that these people stay unknown in a fuller figure.
    shares: sensitive.labels.map((code, at) => ({
      code,
      before: Math.round(percent(before.get(at) ?? 0, all)),
      after: percent(extract.rows.filter((row) => row[last] === code).length, extract.rows.length),
    })),
  }
}

async function write(
  { dataFolder, keys }: ReleaseMaterials,
  folder: string,
  report: UtilityReport,
  { extract, risk, search }: AnonymizedMicrodata,
): Promise<void> {
  const draft = `${folder}.draft-${randomBytes(6).toString('hex')}`
  await mkdir(draft, { recursive: true })
  try {
    const files = await writeRecordFiles(draft, extract)
    await writeFile(join(draft, 'utility.json'), `${JSON.stringify(report, null, 1)}\n`)
    const manifest = Buffer.from(
      `${JSON.stringify({ schema: 'records/1', release: report.release, columns: extract.columns, files }, null, 1)}\n`,
    )
    await writeFile(join(draft, 'manifest.json'), manifest)
    await writeFile(join(draft, 'manifest.sig.json'), `${JSON.stringify(signManifest(manifest, keys), null, 1)}\n`)
    const internal = join(dataFolder, 'disclosure', report.release)
    await mkdir(internal, { recursive: true, mode: 0o700 })
    await writeFile(join(internal, 'records.json'), JSON.stringify({ risk, search }, null, 1), { mode: 0o600 })
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** @throws ProblemError `invalid-request` */
export async function readResidents(path: string): Promise<readonly (readonly [string, number])[]> {
  const rows = parse(await readFile(path, 'utf8'), { columns: true, skip_empty_lines: true, trim: true }) as readonly Readonly<
    Record<string, string | undefined>
  >[]
  return rows.map(({ code, residents }) => {
    const people = Number(residents)
    if (!code || !Number.isInteger(people) || people < 0)
      throw new ProblemError('invalid-request', `${path} needs the columns code and residents, a whole number.`)
    return [code, people] as const
  })
}

export function extractWords({ records, k, l, columns, dropped, release }: UtilityReport): string {
  const steps = columns.map(({ column, step, steps, hidden }) => `${column} ${step}/${steps}${hidden > 0 ? ` (${hidden} hidden)` : ''}`)
  return `${records} records of release ${release}: everybody like ${k - 1} others at least, ${l} statuses in each group; ${dropped} dropped.\nGrouping: ${steps.join(', ')}.`
}
