import type { Identity } from '../../schemas/interview/interview.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** The home number among the identifiers: the question of concept listing-number, else A02 of the household questionnaire. */
export function listingNumberOf({ items }: Questionnaire, identity: Identity | null): string | null {
  const questions = flat(items)
  const asked =
    questions.find(({ concept }) => concept?.startsWith('listing-number') === true) ?? questions.find(({ name }) => name === 'A02')
  const number = asked ? identity?.answers[asked.name] : undefined
  return typeof number === 'string' && number.trim() !== '' ? number : null
}

function flat(items: readonly Item[]): readonly Question[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item] : item.kind === 'group' ? flat(item.items) : []))
}
