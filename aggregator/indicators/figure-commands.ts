import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { linkRounds } from '../custodian/link-rounds.ts'
import { checkRegister, readControls, reconcile } from './check-areas.ts'
import { currentForm, findIndicator, type Format, type IndicatorOffice, needsFile, writeRecords } from './command-office.ts'
import { corridorFlows } from './corridors.ts'
import { countedPerArea } from './counted-areas.ts'
import { panelTable } from './panel.ts'
import { daysToTable, fullyBrokenDown, itemNonResponse, refusalFigures, visitFigures } from './pipeline-figures.ts'

interface FiguresOptions {
  readonly round?: string
  readonly format: Format
  readonly out?: string
}

type WithOffice = (work: (office: IndicatorOffice) => Promise<void>) => Promise<void>

/** `tala indicators survey|corridors|panel|areas`: figures that are not the table of one indicator. */
export function registerFigureCommands(indicators: Command, withOffice: WithOffice): void {
  const figures = (name: string, description: string) =>
    indicators
      .command(name)
      .description(description)
      .option('--round <id>', 'default: the current round')
      .addOption(new Option('--format <format>').choices(['csv', 'json', 'parquet']).default('csv'))
      .option('--out <file>', 'where to write; parquet needs it')
  figures('survey', 'visits, refusals, answers not given, days to the table: the indicators QUA01, QUA02, QUA04, QUA06, QUA07').action(
    (options: FiguresOptions) => withOffice((office) => printSurvey(office, options)),
  )
  figures('corridors', 'people who went from here to a country and from a country to here, not for release').action(
    (options: FiguresOptions) => withOffice((office) => printCorridors(office, options)),
  )
  figures('panel', 'what became of the same people in two rounds; only of homes that consented to linking, not for release')
    .requiredOption('--indicator <id>', 'a proportion of people')
    .requiredOption('--before <round>', 'the earlier round')
    .action((options: FiguresOptions & { readonly indicator: string; readonly before: string }) =>
      withOffice((office) => printPanel(office, options)),
    )
  figures('areas', 'what does not fit: parents in the register, homes by area against control totals')
    .option('--control <file>', 'CSV of area, homes')
    .action((options: FiguresOptions & { readonly control?: string }) => withOffice((office) => printAreas(office, options)))
}

async function printSurvey(office: IndicatorOffice, { round: wanted, format, out }: FiguresOptions): Promise<void> {
  needsFile(format, out)
  const { round, questionnaire } = await currentForm(office, wanted)
  const { firstDay, tables } = await office.published(round.id)
  const figures = await office.warehouse.read(async (connection) => [
    ...(await visitFigures(connection, questionnaire, round.id)),
    ...refusalFigures(await itemNonResponse(connection, questionnaire, round.id)),
    await daysToTable(connection, questionnaire, round.id, firstDay),
    fullyBrokenDown(tables),
  ])
  await writeRecords(
    figures.map(({ indicator, of, ...figure }) => ({
      INDICATOR: indicator,
      ROUND: round.id,
      OF: of,
      ...figure,
      MARKING: 'not for release',
    })),
    format,
    out,
  )
}

async function printCorridors(office: IndicatorOffice, { round: wanted, format, out }: FiguresOptions): Promise<void> {
  needsFile(format, out)
  const { round, questionnaire } = await currentForm(office, wanted)
  const flows = await office.warehouse.read((connection) => corridorFlows(connection, questionnaire, round))
  await writeRecords(
    flows.map((flow) => ({ ROUND: round.id, ...flow, MARKING: 'not for release' })),
    format,
    out,
  )
}

async function printPanel(
  office: IndicatorOffice,
  { indicator, before, round: wanted, format, out }: FiguresOptions & { readonly indicator: string; readonly before: string },
): Promise<void> {
  needsFile(format, out)
  const found = await findIndicator(indicator)
  const { round, questionnaire } = await currentForm(office, wanted)
  const earlier = await office.round(before)
  const links = await office.warehouse.read((connection) => linkRounds(connection, earlier.id, round.id))
  // Before the figures, so that no linking goes unrecorded when they fail.
  await office.audit.append({
    actor: 'statistician',
    action: 'panel.linked',
    subject: `rounds:${earlier.id}..${round.id}`,
    facts: { indicator: found.definition.id, links: links.length },
  })
  const { marking, rounds, ...figures } = await office.warehouse.read((connection) =>
    panelTable(connection, found, questionnaire, [earlier.id, round.id], links),
  )
  await writeRecords([{ ROUND_BEFORE: rounds[0], ROUND: rounds[1], ...figures, MARKING: marking }], format, out)
}

async function printAreas(
  office: IndicatorOffice,
  { round: wanted, format, out, control }: FiguresOptions & { readonly control?: string },
): Promise<void> {
  needsFile(format, out)
  const { round, questionnaire } = await currentForm(office, wanted)
  const counted = await office.warehouse.read((connection) => countedPerArea(connection, questionnaire, round.id))
  const counts = new Map([...counted].map(([area, { records }]) => [area, records]))
  const controls = control === undefined ? new Map<string, number>() : readControls(await readFile(control, 'utf8'))
  const findings = [...checkRegister(round.areas), ...reconcile(round.areas, counts, controls)]
  console.error(findings.length === 0 ? 'Everything fits.' : `${findings.length} things do not fit.`)
  await writeRecords(
    findings.map((finding) => ({ ...finding })),
    format,
    out,
  )
}
