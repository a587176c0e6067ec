import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import { rulesFollowed } from '../warehouse/derivations.ts'
import type { Form, IndicatorOffice } from './command-office.ts'

/**
 * Every version of the survey whose rules made derived variables of a round: one as a rule; more while phones change to a new version, until the
 * round is computed again.
 * @throws ProblemError `unknown-questionnaire`.
 */
export async function rulesBehind(
  { warehouse, questionnaire: find }: Pick<IndicatorOffice, 'warehouse' | 'questionnaire'>,
  { round, questionnaire }: Form,
): Promise<readonly Questionnaire[]> {
  const followed = await warehouse.read((connection) => rulesFollowed(connection, round.id, questionnaire.id))
  const versions = new Set(followed.flatMap(({ rules, records }) => (records > 0 ? [rules] : [])))
  if (versions.size === 0) return [questionnaire]
  return Promise.all(
    [...versions].map(async (version) => {
      const found = await find({ id: questionnaire.id, version })
      if (!found)
        throw new ProblemError('unknown-questionnaire', `Publish ${questionnaire.id} version ${version} here: records follow its rules.`)
      return found
    }),
  )
}
