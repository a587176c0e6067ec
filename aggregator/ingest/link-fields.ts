import type { Row } from '../../schemas/interview/answers.ts'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Identifiers } from './rules/read-identity.ts'

/** Row id, name, birth month, sex and country of birth of each member that has all four. */
export type LinkFields = (
  membersOf: MembersOf,
  identity: Identifiers | null,
) => readonly (readonly [row: string, name: string, birthMonth: string, sex: string, birthCountry: string])[]

/** The members of a repeat, with their answers to these questions at least. */
export type MembersOf = (repeat: string, questions: readonly string[]) => readonly Row[]

const said = (row: Row, question: string): string => (typeof row[question] === 'string' ? row[question] : '')
const unknown = new Set(['', '98', '99'])

/** Finds by concept what persons are linked over rounds with; the name is the roster's direct identifier. */
export function linkFieldsIn({ items }: Questionnaire): LinkFields {
  const members = nodesOf(items).flatMap(({ item, repeat }) =>
    item.kind === 'question' && repeat ? [{ question: item, repeat: repeat.name }] : [],
  )
  const by = (concept: string) => members.find(({ question }) => question.concept?.split('/')[0] === concept)
  const name = members.find(({ question }) => question.sensitivity === 'direct identifier' && question.type === 'text')
  const [birth, sex, country] = [by('birth-month'), by('sex'), by('country-of-birth')]
  if (!name || !birth || !sex || !country) return () => []
  const asked = [birth, sex, country].map(({ question }) => question.name)
  return (membersOf, identity) => {
    const rows = membersOf(name.repeat, asked)
    const named = identity?.rows.get(name.repeat)
    return rows.flatMap((row) => {
      const called = named?.get(row._id)?.[name.question.name]
      const fields = [
        typeof called === 'string' ? called : '',
        said(row, birth.question.name),
        said(row, sex.question.name),
        said(row, country.question.name),
      ] as const
      return fields.some((each) => unknown.has(each.trim())) ? [] : [[row._id, ...fields] as const]
    })
  }
}
