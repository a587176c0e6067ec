import type { DuckDBConnection } from '@duckdb/node-api'
import type { SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import { type Responses, responsesPerArea } from './pipeline-figures.ts'

/** What a home of an area stands for, and the cluster it was drawn in. */
export interface Drawn {
  /** Names the cluster within all strata. */
  readonly cluster: string
  readonly stratum: string
  readonly weight: number
}

/**
 * Weights of a design by area, with the homes that could not be interviewed shared out in their response class.
 * @returns what is drawn in an area; it throws ProblemError `invalid-request` for an area outside the design.
 * @throws ProblemError `invalid-request` for a class in which nobody could be interviewed.
 */
export async function weighAreas(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  design: SampleDesign,
): Promise<(area: string) => Drawn> {
  const drawn = new Map(design.areas.map((each) => [each.area, each]))
  const classOf = (area: string) => (design.nonresponse === 'stratum' ? (drawn.get(area)?.stratum ?? '') : area)
  const responses = design.nonresponse === 'none' ? new Map<string, Responses>() : await responsesPerArea(connection, questionnaire, round)
  const factors = factorsOf(responses, classOf)
  return (area) => {
    const factor = factors.get(classOf(area)) ?? 1
    if (design.kind === 'census') return { cluster: area, stratum: '', weight: factor }
    const found = drawn.get(area)
    if (!found) throw new ProblemError('invalid-request', `Homes of the area ${area} are in the round, but not in its sample design.`)
    const { stratum, cluster, weight } = found
    return { cluster: JSON.stringify([stratum, cluster]), stratum, weight: weight * factor }
  }
}

/** Homes that should have answered over those that did, by class. */
function factorsOf(responses: ReadonlyMap<string, Responses>, classOf: (area: string) => string): ReadonlyMap<string, number> {
  const classes = new Map<string, Responses>()
  for (const [area, { eligible, completed }] of responses) {
    const before = classes.get(classOf(area)) ?? { eligible: 0, completed: 0 }
    classes.set(classOf(area), { eligible: before.eligible + eligible, completed: before.completed + completed })
  }
  return new Map(
    [...classes].map(([name, { eligible, completed }]) => {
      if (completed === 0 && eligible > 0)
        throw new ProblemError(
          'invalid-request',
          `Nobody could be interviewed in the response class ${name}, so nobody can stand for it: choose wider classes.`,
        )
      return [name, completed === 0 ? 1 : eligible / completed]
    }),
  )
}
