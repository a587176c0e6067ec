import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { Indicator } from './definition.ts'
import { openForeignRound } from './foreign-round.ts'
import { lintDefinitions } from './lint-definitions.ts'
import { loadDefinitions } from './load-definitions.ts'
import { tabulate } from './tabulate.ts'
import { type TableRecord, tableRecords, toCsvText, writeParquet } from './table-file.ts'
import type { WorkingTable } from './working-table.ts'

/** What the commands need of the open house. */
export interface IndicatorOffice {
  readonly warehouse: Pick<Warehouse, 'read'>
  round(id?: string): Promise<Round>
  questionnaire(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire | undefined>
  close(): Promise<void>
}

interface TableOptions {
  readonly indicator: string
  readonly by?: string
  readonly area?: string
  readonly round?: string
  readonly format: 'csv' | 'json' | 'parquet'
  readonly out?: string
  readonly mapping?: string
}

const words: Readonly<Record<string, string>> = {
  status: 'MIG_STATUS',
  area: 'REF_AREA',
  child: 'AGE_CHILD',
  head: 'SEX_OF_HEAD',
  abroad: 'MEMBER_ABROAD',
}

/** `tala table …` and `tala indicators check`: figures before protection, for people of the office only. */
export function registerIndicatorCommands(program: Command, open: () => Promise<IndicatorOffice>): void {
  program
    .command('table')
    .description('an internal table of one indicator, not for release')
    .requiredOption('--indicator <id>', 'e.g. EDU01')
    .option('--by <names>', 'dimensions: sex, age, child, status, disability, area, head, abroad, corridor', 'sex')
    .option('--area <code>', 'only this area of the register')
    .option('--round <id>', 'default: the current round')
    .addOption(new Option('--format <format>').choices(['csv', 'json', 'parquet']).default('csv'))
    .option('--mapping <file>', 'tabulate the foreign survey that this file explains, instead of a round')
    .option('--out <file>', 'where to write; parquet needs it')
    .action((options: TableOptions) => withOffice(open, (office) => printTable(office, options)))
  program
    .command('indicators')
    .description('definitions of the indicators')
    .command('check')
    .description('check every definition against the questionnaire of the round')
    .action(() => withOffice(open, checkDefinitions))
}

async function withOffice(open: () => Promise<IndicatorOffice>, work: (office: IndicatorOffice) => Promise<void>): Promise<void> {
  const office = await open()
  try {
    await work(office)
  } finally {
    await office.close()
  }
}

async function currentForm(
  office: IndicatorOffice,
  wanted?: string,
): Promise<{ readonly round: Round; readonly questionnaire: Questionnaire }> {
  const round = await office.round(wanted)
  if (wanted !== undefined && round.id !== wanted)
    throw new ProblemError('unknown-round', `There is no open round ${wanted}; the current one is ${round.id}.`)
  const questionnaire = await office.questionnaire(round.questionnaire)
  if (!questionnaire) throw new ProblemError('unknown-questionnaire', 'Publish the questionnaire of the round first.')
  return { round, questionnaire }
}

async function printTable(office: IndicatorOffice, options: TableOptions): Promise<void> {
  const { indicator, by = '', area, format, out, mapping } = options
  const found = (await loadDefinitions()).find(({ definition }) => definition.id === indicator)
  if (!found || found.definition.type === 'pipeline')
    throw new ProblemError('unknown-table', `There is no indicator ${indicator} that answers feed.`)
  if (format === 'parquet' && out === undefined)
    throw new ProblemError('invalid-request', 'Say where to write the Parquet file, with --out.')
  const ids = [...by.split(',').map((name) => words[name.trim()] ?? name.trim().toUpperCase()), ...(area === undefined ? [] : ['REF_AREA'])]
  const missing = ids.filter((id) => id !== '' && !found.definition.breakdowns.includes(id))
  if (missing.length) throw new ProblemError('invalid-request', `${indicator} is broken down by ${found.definition.breakdowns.join(', ')}.`)
  const { round, questionnaire } = await currentForm(office, options.round)
  const table =
    mapping === undefined
      ? await ownTable(office, found, { round, questionnaire, area, by: ids })
      : await foreignTable(mapping, found, questionnaire, ids)
  if (!table) return
  await writeRecords(
    tableRecords(table).filter((record) => area === undefined || record.REF_AREA === area),
    format,
    out,
  )
}

interface OwnTable {
  readonly round: Round
  readonly questionnaire: Questionnaire
  readonly area: string | undefined
  readonly by: readonly string[]
}

async function ownTable(
  office: IndicatorOffice,
  indicator: Indicator,
  { round, questionnaire, area, by }: OwnTable,
): Promise<WorkingTable | undefined> {
  if (area !== undefined && !round.areas.some(({ code }) => code === area))
    throw new ProblemError('area-unknown', `${area} is not in the register of this round.`)
  const [table] = await office.warehouse.read((connection) => tabulate(connection, { indicators: [indicator], questionnaire, round, by }))
  return table
}

/** What the mapping leaves out is said on standard error, in counts. */
async function foreignTable(
  path: string,
  indicator: Indicator,
  questionnaire: Questionnaire,
  by: readonly string[],
): Promise<WorkingTable | undefined> {
  const foreign = await openForeignRound(path, questionnaire)
  try {
    for (const { question, values } of foreign.withoutCode)
      console.error(`${question}: ${values} values have no code and count as missing.`)
    for (const { question, reason } of foreign.notDerived) console.error(`${question} is not computed: ${reason}`)
    const [table] = await tabulate(foreign.connection, { indicators: [indicator], questionnaire, round: foreign.round, by })
    return table
  } finally {
    foreign.close()
  }
}

async function writeRecords(records: readonly TableRecord[], format: TableOptions['format'], out: string | undefined): Promise<void> {
  if (format === 'parquet') return writeParquet(records, out ?? '')
  const text = format === 'json' ? `${JSON.stringify(records, null, 2)}\n` : toCsvText(records)
  if (out === undefined) process.stdout.write(text)
  else await writeFile(out, text)
}

async function checkDefinitions(office: IndicatorOffice): Promise<void> {
  const { questionnaire } = await currentForm(office)
  const definitions = await loadDefinitions()
  const problems = lintDefinitions(definitions, questionnaire)
  for (const { indicator, part, message } of problems) console.log(`${indicator} ${part}: ${message}`)
  console.log(`${definitions.length} definitions, ${problems.length} problems.`)
  if (problems.length) process.exitCode = 1
}
