import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Identifiers } from './rules/read-identity.ts'

export type ListingNumber = (identity: Identifiers | null) => string | null

/** Finds the home number among the identifiers: the question of concept listing-number, else A02 of the household questionnaire. */
export function listingNumberIn({ items }: Questionnaire): ListingNumber {
  const questions = nodesOf(items).flatMap(({ item, repeat }) => (item.kind === 'question' && !repeat ? [item] : []))
  const asked =
    questions.find(({ concept }) => concept?.startsWith('listing-number') === true) ?? questions.find(({ name }) => name === 'A02')
  return (identity) => {
    const number = asked ? identity?.answers[asked.name] : undefined
    return typeof number === 'string' && number.trim() !== '' ? number : null
  }
}
