// Whose rules made the derived columns of the records: those of the version they were asked with, unless a round was recomputed.
import type { DuckDBConnection } from '@duckdb/node-api'
import { quotedIdentifier } from './quoted-identifier.ts'
import { asTexts, textsIn } from './text-list.ts'

/** Records of a round that were asked with one version of its questionnaire. */
export interface Derivation {
  readonly round: string
  readonly questionnaire: string
  /** The version they name. */
  readonly asked: string
  /** The version whose rules made their derived columns. */
  readonly rules: string
}

/** What was decided about these rounds; records of any other version follow the rules they were asked with. */
export async function derivationsOf(connection: DuckDBConnection, rounds: readonly string[]): Promise<readonly Derivation[]> {
  const result = await connection.runAndReadAll(
    `select round, questionnaire_id, asked, rules from derivation where round in (${textsIn('$rounds')}) order by all`,
    { rounds: asTexts(rounds) },
  )
  return result.getRows().map(([round, questionnaire, asked, rules]) => ({
    round: String(round),
    questionnaire: String(questionnaire),
    asked: String(asked),
    rules: String(rules),
  }))
}

/** Of every version that records of a round were asked with: whose rules they follow, and how many records count. */
export async function rulesFollowed(
  connection: DuckDBConnection,
  round: string,
  questionnaire: string,
): Promise<readonly (Derivation & { readonly records: number })[]> {
  const decided = new Map((await derivationsOf(connection, [round])).map((each) => [`${each.questionnaire} ${each.asked}`, each.rules]))
  const result = await connection.runAndReadAll(
    `select t.questionnaire_version, count(*) filter (where n.record_id is null)::integer
     from ${quotedIdentifier(questionnaire)} t left join not_counted n on n.record_id = t.record_id where t.round = $round group by 1 order by 1`,
    { round },
  )
  return result.getRows().map(([version, records]) => {
    const asked = String(version)
    return { round, questionnaire, asked, rules: decided.get(`${questionnaire} ${asked}`) ?? asked, records: Number(records) }
  })
}

/** From now on records of this round that name `asked` follow `rules`, those that come later too. */
export async function followRules(connection: DuckDBConnection, { round, questionnaire, asked, rules }: Derivation): Promise<void> {
  await connection.run('delete from derivation where round = $round and questionnaire_id = $questionnaire and asked = $asked', {
    round,
    questionnaire,
    asked,
  })
  if (asked === rules) return
  await connection.run('insert into derivation values ($round, $questionnaire, $asked, $rules)', { round, questionnaire, asked, rules })
}
