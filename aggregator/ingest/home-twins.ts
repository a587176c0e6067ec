import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { mostTwins } from './person-twins.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'

/** Two homes of one area that may be one under two numbers. */
export interface HomeTwins {
  readonly area: string
  readonly records: readonly [string, string]
}

/** Homes of one area whose members agree in sex, birth month and country of birth. */
export async function homeTwins(connection: DuckDBConnection, questionnaire: Questionnaire, round: string): Promise<readonly HomeTwins[]> {
  const members = nodesOf(questionnaire.items).flatMap(({ item, repeat }) =>
    item.kind === 'question' && repeat && item.concept !== undefined
      ? [{ concept: item.concept.split('/')[0], name: item.name, repeat: repeat.name }]
      : [],
  )
  const find = (concept: string) => members.find((each) => each.concept === concept)
  const [sex, birthMonth, birthCountry] = [find('sex'), find('birth-month'), find('country-of-birth')]
  if (!sex || !birthMonth || !birthCountry) return []
  const template = await readFile(new URL('./sql/twin-households.sql', import.meta.url), 'utf8')
  const sql = template
    .replaceAll('{sex}', quotedIdentifier(sex.name))
    .replaceAll('{birth_month}', quotedIdentifier(birthMonth.name))
    .replaceAll('{birth_country}', quotedIdentifier(birthCountry.name))
    .replaceAll('{members}', quotedIdentifier(`current_${questionnaire.id}_${sex.repeat}`))
  const result = await connection.runAndReadAll(sql, { round, limit: mostTwins })
  return result.getRows().map(([area, first, second]) => ({ area: String(area), records: [String(first), String(second)] }))
}
