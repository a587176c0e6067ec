import type { DuckDBConnection } from '@duckdb/node-api'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import { derivationsOf } from '../warehouse/derivations.ts'
import type { LoadRecord } from '../warehouse/load.ts'
import { staleRules } from './derived-rules.ts'
import { createLibrary, type Edition, type QuestionnaireSource, type RoundSource } from './questionnaire-library.ts'
import { rederive } from './rederive.ts'

/** Brings records just loaded to the rules that their round follows; runs in the transaction that loads them. */
export type FollowRules = (connection: DuckDBConnection, records: readonly LoadRecord[]) => Promise<void>

/** Nearly no round was ever computed again, and then this is one small query. */
export function ruleFollower({ questionnaires, rounds }: { questionnaires: QuestionnaireSource; rounds: RoundSource }): FollowRules {
  const editions = new Map<string, Edition>()
  return async (connection, records) => {
    const ids = [...new Set(records.flatMap(({ round }) => (round === null ? [] : [round])))]
    for (const { round: id, questionnaire, asked, rules } of await derivationsOf(connection, ids)) {
      const own = records.filter(
        (each) => each.round === id && each.questionnaire?.id === questionnaire && each.questionnaire.version === asked,
      )
      const round = own.length === 0 ? undefined : await rounds.find(id)
      if (!round) continue
      const name = `${questionnaire} ${rules}`
      const edition = editions.get(name) ?? editionOf(await published(questionnaires, { id: questionnaire, version: rules }))
      editions.set(name, edition)
      const stale = staleRules(await published(questionnaires, { id: questionnaire, version: asked }), edition.questionnaire)
      await rederive(connection, { edition, round, stale, records: own.map((each) => each.id) })
    }
  }
}

/** @throws ProblemError `unknown-questionnaire`. */
export async function published(
  questionnaires: QuestionnaireSource,
  reference: Pick<QuestionnaireReference, 'id' | 'version'>,
): Promise<Questionnaire> {
  const found = await questionnaires.find(reference)
  if (!found)
    throw new ProblemError('unknown-questionnaire', `Publish ${reference.id} version ${reference.version} here: its rules are needed.`)
  return found
}

/** The rules of a version at work. It writes no rows, so that it needs no layouts. */
export function editionOf(questionnaire: Questionnaire): Edition {
  const library = createLibrary()
  library.addEdition(questionnaire, [])
  return library.edition(questionnaire)
}
