import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { readSampleDesign } from '../fieldwork/sample-design.ts'
import { ProblemError } from '../problem.ts'
import { comparableAreas, onComparableAreas, readBridge } from './bridge-areas.ts'
import { currentForm, findIndicator, type Form, type Format, type IndicatorOffice, needsFile, writeTable } from './command-office.ts'
import { changedRules } from './changed-rules.ts'
import { compareRounds } from './compare-rounds.ts'
import { columnTable } from './column-table.ts'
import type { Indicator } from './definition.ts'
import { estimateTable } from './estimate-table.ts'
import { openForeignRound } from './foreign-round.ts'
import { interruptible, reportProgress } from './long-work.ts'
import { lintDefinitions } from './lint-definitions.ts'
import { loadDefinitions } from './load-definitions.ts'
import { tabulate } from './tabulate.ts'
import { rulesBehind } from './rules-behind.ts'
import { registerFigureCommands } from './figure-commands.ts'
import { type TableRecord, tableRecords } from './table-file.ts'
import type { WorkingTable } from './working-table.ts'

interface TableOptions {
  readonly indicator: string
  readonly by?: string
  readonly area?: string
  readonly round?: string
  readonly format: Format
  readonly out?: string
  readonly mapping?: string
  readonly design?: string
  readonly before?: string
  readonly bridge?: string
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
    .option('--design <file>', 'weigh by this sample instead of the design of the round: CSV of area, stratum, cluster, weight')
    .option('--before <round>', 'side by side with this earlier round, with the change and its uncertainty')
    .option('--bridge <file>', 'with --before: CSV of from, to, source for areas that were split or merged in between')
    .option('--mapping <file>', 'tabulate the foreign survey that this file explains, instead of a round')
    .option('--out <file>', 'where to write; parquet needs it')
    .action((options: TableOptions) => withOffice(open, (office) => printTable(office, options)))
  const indicators = program.command('indicators').description('definitions of the indicators, and figures about the survey itself')
  indicators
    .command('check')
    .description('check every definition against the questionnaire of the round')
    .action(() => withOffice(open, checkDefinitions))
  registerFigureCommands(indicators, (work) => withOffice(open, work))
}

async function withOffice(open: () => Promise<IndicatorOffice>, work: (office: IndicatorOffice) => Promise<void>): Promise<void> {
  const office = await open()
  try {
    await work(office)
  } finally {
    await office.close()
  }
}

async function printTable(office: IndicatorOffice, options: TableOptions): Promise<void> {
  const { by = '', area, format, out, before, mapping } = options
  const found = await findIndicator(options.indicator)
  needsFile(format, out)
  const ids = [
    ...by.split(',').map((name) => words[name.trim()] ?? name.trim().toUpperCase()),
    ...(area === undefined ? [] : ['REF_AREA']),
  ].filter((id) => id !== '')
  const missing = ids.filter((id) => !found.definition.breakdowns.includes(id))
  if (missing.length)
    throw new ProblemError('invalid-request', `${found.definition.id} is broken down by ${found.definition.breakdowns.join(', ')}.`)
  const form = await currentForm(office, options.round)
  if (before !== undefined) return writeTable(await comparedRecords(office, found, form, { ...options, before }, ids), format, out)
  const table =
    mapping === undefined ? await ownTable(office, found, form, options, ids) : await foreignTable(mapping, found, form.questionnaire, ids)
  if (!table) return
  const mixed = mapping === undefined ? changedRules(found, ids, await rulesBehind(office, form)) : []
  if (mixed.length)
    console.error(
      `Records of ${form.round.id} follow different rules of ${mixed.join(', ')}; npx tala recompute ${form.round.id} brings them together.`,
    )
  await writeTable(
    tableRecords(columnTable(table)).filter((record) => area === undefined || record.REF_AREA === area),
    format,
    out,
  )
}

/** Progress on standard error; Ctrl-C ends the query at once. */
async function ownTable(
  office: IndicatorOffice,
  indicator: Indicator,
  { round, questionnaire }: Form,
  { area, design }: { readonly area?: string | undefined; readonly design?: string | undefined },
  by: readonly string[],
): Promise<WorkingTable | undefined> {
  if (area !== undefined && !round.areas.some(({ code }) => code === area))
    throw new ProblemError('area-unknown', `${area} is not in the register of this round.`)
  const drawn = design === undefined ? await office.design(round.id) : await designFrom(design, round.id)
  return office.warehouse.read((connection) =>
    interruptible(connection, reportProgress(connection), async () => {
      if (drawn) return estimateTable(connection, { indicator, questionnaire, round, by, design: drawn })
      const [table] = await tabulate(connection, { indicators: [indicator], questionnaire, round, by })
      return table
    }),
  )
}

async function designFrom(path: string, round: string): Promise<SampleDesign> {
  return { schema: 'sample-design/1', round, kind: 'sample', ...readSampleDesign(await readFile(path, 'utf8')), nonresponse: 'none' }
}

/** Both rounds, the change, its uncertainty, and whether the series is broken. */
async function comparedRecords(
  office: IndicatorOffice,
  indicator: Indicator,
  form: Form,
  options: TableOptions & { readonly before: string },
  by: readonly string[],
): Promise<readonly TableRecord[]> {
  const earlierForm = await currentForm(office, options.before)
  const [earlier, later] = [
    await ownTable(office, indicator, earlierForm, { design: options.design }, by),
    await ownTable(office, indicator, form, options, by),
  ]
  if (!earlier || !later) return []
  const marks = changedRules(indicator, by, [...(await rulesBehind(office, earlierForm)), ...(await rulesBehind(office, form))])
  if (marks.length) console.error(`The rule of ${marks.join(', ')} is not the same in both rounds: changes are marked D.`)
  const { per = 1 } = indicator.definition
  const bridge = options.bridge === undefined ? undefined : comparableAreas(readBridge(await readFile(options.bridge, 'utf8')))
  const onBridge = (table: WorkingTable, side: 'earlier' | 'later') =>
    bridge && by.includes('REF_AREA') ? onComparableAreas(table, side, bridge, per) : table
  const ids = later.dimensions.map(({ id }) => id)
  return compareRounds(onBridge(earlier, 'earlier'), onBridge(later, 'later'), marks)
    .map(({ codes, ...change }) => ({
      INDICATOR: indicator.definition.id,
      ROUND_BEFORE: earlierForm.round.id,
      ROUND: form.round.id,
      ...Object.fromEntries(ids.map((id, axis) => [id, codes[axis] ?? ''])),
      ...change,
      MARKING: 'not for release',
    }))
    .filter((record: TableRecord) => options.area === undefined || record['REF_AREA'] === options.area)
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

async function checkDefinitions(office: IndicatorOffice): Promise<void> {
  const { questionnaire } = await currentForm(office)
  const definitions = await loadDefinitions()
  const problems = lintDefinitions(definitions, questionnaire)
  for (const { indicator, part, message } of problems) console.log(`${indicator} ${part}: ${message}`)
  console.log(`${definitions.length} definitions, ${problems.length} problems.`)
  if (problems.length) process.exitCode = 1
}
