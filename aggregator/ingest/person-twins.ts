import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'

/** A member of a home, without saying who. */
export interface MemberAt {
  readonly record: string
  readonly area: string
  /** Place in the roster, from 1. */
  readonly member: number
}

/** Members of two homes who may be one person. */
export interface PersonTwins {
  readonly pair: readonly [MemberAt, MemberAt]
  /** Answers that both gave to questions whose answer stays the same for months, and how many of them are equal. */
  readonly compared: number
  readonly agreeing: number
}

/** What hardly changes between two visits of a round; relationship, work and presence do, they depend on the home. */
const steady = ['civil-status', 'education-level', 'residence-past', 'country-of-previous-residence', 'arrival-month']

/**
 * Pairs of people who share a link token and agree in at least half of what both answered, the likeliest first. Names are nicknames: many
 * people share one with a birth month, so the token alone says too little. Homes that did not consent to linking have no token and are not
 * compared; nothing is stored.
 */
export async function personTwins(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
): Promise<readonly PersonTwins[]> {
  const members = nodesOf(questionnaire.items).flatMap(({ item, repeat }) =>
    item.kind === 'question' && repeat ? [{ question: item, repeat: repeat.name }] : [],
  )
  const conceptOf = ({ question }: (typeof members)[number]) => question.concept?.split('/')[0] ?? ''
  const repeat = members.find((each) => conceptOf(each) === 'birth-month')?.repeat
  if (repeat === undefined) return []
  const answers = members.filter(
    (each) => each.repeat === repeat && steady.includes(conceptOf(each)) && each.question.calculation === undefined,
  )
  const template = await readFile(new URL('./sql/person-twins.sql', import.meta.url), 'utf8')
  const sql = template
    .replaceAll('{members}', quotedIdentifier(`current_${questionnaire.id}_${repeat}`))
    .replaceAll('{answers}', answers.map(({ question }) => `m.${quotedIdentifier(question.name)}::varchar`).join(', '))
  const rows = (await connection.runAndReadAll(sql, { round })).getRows()
  const pairs = rows.map(
    ([record, area, member, other, otherArea, otherMember, compared, agreeing]): PersonTwins => ({
      pair: [
        { record: String(record), area: String(area), member: Number(member) },
        { record: String(other), area: String(otherArea), member: Number(otherMember) },
      ],
      compared: Number(compared),
      agreeing: Number(agreeing),
    }),
  )
  return pairs.filter(({ compared, agreeing }) => 2 * agreeing >= compared)
}
