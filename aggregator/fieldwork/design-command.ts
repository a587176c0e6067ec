import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { SampleDesign } from '../../schemas/generated/records.ts'
import { ProblemError } from '../problem.ts'
import type { Office } from './office.ts'
import { readSampleDesign } from './sample-design.ts'

interface DesignOptions {
  readonly file?: string
  readonly census?: boolean
  readonly nonresponse: SampleDesign['nonresponse']
}

/** `tala round design`: tells or sets how a round was drawn. */
export function registerDesignCommand(
  round: Command,
  withOffice: (work: (office: Office) => Promise<unknown>) => Promise<void>,
  print: (line: string) => void,
): void {
  round
    .command('design')
    .description('how the homes of a round were drawn: tables are weighted by it; without options it is told')
    .argument('<round>')
    .option(
      '--file <design.csv>',
      'the round is a sample: area,stratum,cluster,weight and where known clusters, those of the stratum in the population',
    )
    .option('--census', 'every home was to be interviewed')
    .addOption(
      new Option('--nonresponse <classes>', 'homes interviewed stand for those of their class that could not be')
        .choices(['none', 'area', 'stratum'])
        .default('none'),
    )
    .action((id: string, options: DesignOptions) =>
      withOffice(async (office) => {
        if (options.file !== undefined || options.census) await office.setDesign(await designFrom(id, options))
        print(told((await office.design({ round: id })).design))
      }),
    )
}

async function designFrom(round: string, { file, census = false, nonresponse }: DesignOptions): Promise<SampleDesign> {
  if (census && file !== undefined) throw new ProblemError('invalid-request', 'Say --file for a sample or --census, not both.')
  const drawn = file === undefined ? { areas: [], strata: [] } : readSampleDesign(await readFile(file, 'utf8'))
  return { schema: 'sample-design/1', round, kind: census ? 'census' : 'sample', ...drawn, nonresponse }
}

function told(design: SampleDesign | null): string {
  if (design === null) return 'A census: every home counts once.'
  const classes =
    design.nonresponse === 'none' ? '' : ` Homes stand for those of their ${design.nonresponse} that could not be interviewed.`
  if (design.kind === 'census') return `A census.${classes}`
  const strata = new Set(design.areas.map(({ stratum }) => stratum)).size
  const clusters = new Set(design.areas.map(({ stratum, cluster }) => JSON.stringify([stratum, cluster]))).size
  const corrected = design.strata.length === 0 ? '' : ` The number of clusters in the population is known of ${design.strata.length}.`
  return `A sample: ${design.areas.length} areas in ${clusters} clusters of ${strata} strata.${corrected}${classes}`
}
