import { groupBy } from './group-by.ts'
import type { MicrodataSpec, ReleasedRecord } from './anonymize.ts'

/** Counted anew from the released records, by another way than the engine that made them. */
export interface MicrodataRisk {
  readonly records: number
  /** Records of the smallest class. */
  readonly leastClass: number
  /** Fewest sensitive values in a class. */
  readonly leastValues: number
  readonly classes: number
  readonly sampleUniques: number
  /** Largest share of one sensitive value in a class of fewer than 50 records, 0..1. */
  readonly mostConcentrated: number
  /** Individual re-identification risk, 0..1. */
  readonly greatestRisk: number
  readonly meanRisk: number
  readonly expectedReidentifications: number
}

export function riskOf(records: readonly ReleasedRecord[], spec: Pick<MicrodataSpec, 'sample'>): MicrodataRisk {
  const classes = groupBy(records, ({ codes }) => codes.join(' '))
  let [leastClass, leastValues, mostConcentrated, sum, greatestRisk, sampleUniques] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    0,
    0,
    0,
    0,
  ]
  for (const members of classes.values()) {
    const values = groupBy(members, ({ sensitive }) => sensitive)
    const most = Math.max(...[...values.values()].map(({ length }) => length))
    leastClass = Math.min(leastClass, members.length)
    leastValues = Math.min(leastValues, values.size)
    if (members.length < 50) mostConcentrated = Math.max(mostConcentrated, most / members.length)
    const risk = individualRisk(members.length, members.length / spec.sample)
    greatestRisk = Math.max(greatestRisk, risk)
    sum += risk * members.length
    if (members.length === 1) sampleUniques++
  }
  const count = records.length
  return {
    records: count,
    leastClass: count === 0 ? 0 : leastClass,
    leastValues: count === 0 ? 0 : leastValues,
    classes: classes.size,
    sampleUniques,
    mostConcentrated,
    greatestRisk,
    meanRisk: count === 0 ? 0 : sum / count,
    expectedReidentifications: sum,
  }
}

/**
 * Probability that a record is found again by somebody who knows its quasi-identifiers.
 * @param inSample records with these quasi-identifiers in the extract, f >= 1; @param inPopulation estimated number of them in the population, F >= f.
 * @source Benedetti and Franconi (1998) as used by sdcMicro: f = 1 and f = 2 exactly, p / (f - (1 - p)) from 3 on.
 */
export function individualRisk(inSample: number, inPopulation: number): number {
  if (inPopulation <= inSample) return 1 / inSample
  const p = inSample / inPopulation
  const odds = p / (1 - p)
  if (inSample === 1) return odds * Math.log(1 / p)
  if (inSample === 2) return odds - odds * odds * Math.log(1 / p)
  return p / (inSample - (1 - p))
}
