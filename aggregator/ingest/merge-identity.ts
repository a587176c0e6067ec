import type { Answers, Row } from '../../schemas/interview/answers.ts'
import type { Item, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Identifiers } from './rules/read-identity.ts'

/**
 * The interview as the phone had it: rules such as "the home number is required" or "no name in the free words" need both halves.
 * Exists only while one record is judged.
 */
export function withIdentity(answers: Answers, identity: Identifiers | null): Answers {
  if (!identity) return answers
  const merged: Record<string, Answers[string]> = { ...answers, ...identity.answers }
  for (const [repeat, rows] of identity.rows) {
    const members = answers[repeat]
    if (!isRows(members)) continue
    merged[repeat] = members.map((row) => ({ ...row, ...rows.get(row._id), _id: row._id }))
  }
  return merged
}

/** The answers without any direct identifier, at any place: what may go on towards the warehouse. */
export function withoutIdentifiers(answers: Answers, identifiers: ReadonlySet<string>): Answers {
  return Object.fromEntries(
    Object.entries(answers)
      .filter(([name]) => !identifiers.has(name))
      .map(([name, value]) => [
        name,
        isRows(value) ? value.map((row) => withoutIdentifiers(row as Answers, identifiers) as unknown as Row) : value,
      ]),
  )
}

export function identifierNames({ items }: Questionnaire): ReadonlySet<string> {
  const names = (of: readonly Item[]): string[] =>
    of.flatMap((item) => (item.kind === 'question' ? (item.sensitivity === 'direct identifier' ? [item.name] : []) : names(item.items)))
  return new Set(names(items))
}

export function isRows(value: Answers[string]): value is readonly Row[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object')
}
