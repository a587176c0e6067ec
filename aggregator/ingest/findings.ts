import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { homeTwins } from './home-twins.ts'
import { personTwins } from './person-twins.ts'

/** Something that only records beside each other show; a warning on each of them, until somebody has decided on it. */
export interface Finding {
  readonly record: string
  readonly code: 'possible-duplicate-home' | 'possible-duplicate-person'
}

/** Looked for anew each time and stored nowhere: a correction or withdrawal of the one takes the warning from the other. */
export async function findings(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: Pick<Round, 'id' | 'areas'>,
): Promise<readonly Finding[]> {
  const homes = await homeTwins(connection, questionnaire, round.id)
  const persons = await personTwins(connection, questionnaire, round)
  return [
    ...homes.flatMap(({ records }) => records.map((record): Finding => ({ record, code: 'possible-duplicate-home' }))),
    ...persons.flatMap(({ pair }) => pair.map(({ record }): Finding => ({ record, code: 'possible-duplicate-person' }))),
  ]
}
