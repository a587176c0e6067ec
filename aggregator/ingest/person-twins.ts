import { readFile } from 'node:fs/promises'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
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

/** More pairs than this and the questionnaire or the listing is at fault, not a person. */
export const mostTwins = 1_000

/**
 * Pairs of people of one town who share a link token and agree in at least three quarters of what both answered, the likeliest first. Names
 * are nicknames: many people of a country share one with a birth month, so the token alone says too little, and towns are not compared with
 * each other. Homes that did not consent to linking have no token and are not compared; nothing is stored.
 */
export async function personTwins(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  { id: round, areas }: Pick<Round, 'id' | 'areas'>,
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
  const values = {
    round,
    areas: listValue(areas.map(({ code }) => code)),
    around: listValue(areas.map(({ code, parent }) => parent ?? code)),
    limit: mostTwins,
  }
  const types = { round: VARCHAR, areas: LIST(VARCHAR), around: LIST(VARCHAR), limit: INTEGER }
  const rows = (await connection.runAndReadAll(sql, values, types)).getRows()
  return rows.map(([record, area, member, other, otherArea, otherMember, compared, agreeing]) => ({
    pair: [
      { record: String(record), area: String(area), member: Number(member) },
      { record: String(other), area: String(otherArea), member: Number(otherMember) },
    ],
    compared: Number(compared),
    agreeing: Number(agreeing),
  }))
}
