import { parse } from 'csv-parse/sync'
import { ProblemError } from '../problem.ts'

/** A sampled area: its stratum, its cluster (primary sampling unit), and the homes that each home interviewed there stands for. */
export interface SampledArea {
  readonly area: string
  readonly stratum: string
  readonly cluster: string
  readonly weight: number
}

/** How a round was drawn, by area. */
export type SampleDesign = readonly SampledArea[]

/**
 * Reads a design: CSV with the columns area, stratum, cluster and weight.
 * @throws ProblemError `invalid-request` naming the line, or the stratum with a single cluster: it has no variance.
 */
export function readSampleDesign(csv: string): SampleDesign {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  const design = rows.map((row, index) => {
    const { area = '', stratum = '', cluster = '' } = row
    const weight = Number(row['weight'])
    if (area === '' || stratum === '' || cluster === '' || !(weight > 0))
      throw new ProblemError('invalid-request', `Line ${index + 2} of the sample design needs area, stratum, cluster and a weight above 0.`)
    return { area, stratum, cluster, weight }
  })
  const areas = new Set(design.map(({ area }) => area))
  if (areas.size !== design.length) throw new ProblemError('invalid-request', 'An area stands twice in the sample design.')
  for (const stratum of new Set(design.map((each) => each.stratum))) {
    const clusters = new Set(design.filter((each) => each.stratum === stratum).map(({ cluster }) => cluster))
    if (clusters.size < 2)
      throw new ProblemError(
        'invalid-request',
        `The stratum ${stratum} has a single cluster, from which no sampling error can be told; join it with a neighbouring stratum.`,
      )
  }
  return design
}
