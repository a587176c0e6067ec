import { parse } from 'csv-parse/sync'
import type { SampleDesign, SampledArea } from '../../schemas/generated/records.ts'
import { ProblemError } from '../problem.ts'

/**
 * Reads a design: CSV with the columns area, stratum, cluster and weight, and where it is known clusters, the number of clusters that the
 * stratum has in the population.
 * @throws ProblemError `invalid-request` naming the line or the stratum. A stratum with a single cluster has no variance.
 */
export function readSampleDesign(csv: string): Pick<SampleDesign, 'areas' | 'strata'> {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  const areas = rows.map(({ area = '', stratum = '', cluster = '', weight }, index): SampledArea => {
    if (area === '' || stratum === '' || cluster === '' || !(Number(weight) > 0))
      throw new ProblemError('invalid-request', `Line ${index + 2} of the sample design needs area, stratum, cluster and a weight above 0.`)
    return { area, stratum, cluster, weight: Number(weight) }
  })
  if (areas.length === 0) throw new ProblemError('invalid-request', 'The sample design has no areas.')
  if (new Set(areas.map(({ area }) => area)).size !== areas.length)
    throw new ProblemError('invalid-request', 'An area stands twice in the sample design.')
  const strata: SampleDesign['strata'] = []
  for (const stratum of new Set(areas.map((each) => each.stratum))) {
    const drawn = new Set(areas.filter((each) => each.stratum === stratum).map(({ cluster }) => cluster)).size
    if (drawn < 2)
      throw new ProblemError(
        'invalid-request',
        `The stratum ${stratum} has a single cluster, from which no sampling error can be told; join it with a neighbouring stratum.`,
      )
    const clusters = clustersOf(rows, stratum, drawn)
    if (clusters !== undefined) strata.push({ stratum, clusters })
  }
  return { areas, strata }
}

function clustersOf(rows: readonly Record<string, string>[], stratum: string, drawn: number): number | undefined {
  const [said = '', ...others] = new Set(rows.filter((row) => row['stratum'] === stratum).map((row) => row['clusters'] ?? ''))
  if (said === '' && others.length === 0) return undefined
  const clusters = Number(said)
  if (others.length > 0 || !Number.isInteger(clusters) || clusters < drawn)
    throw new ProblemError(
      'invalid-request',
      `Say the same number of clusters in every line of the stratum ${stratum}, at least the ${drawn} that were drawn, or leave them all empty.`,
    )
  return clusters
}
