import { nodesOf } from '../interview/nodes.ts'
import type { Question, Questionnaire } from '../questionnaire.ts'

/** A question whose answer reaches the server's tables, and the repeat it stands in. */
export interface Stored {
  readonly question: Question
  readonly repeat: string | undefined
}

/** Every question that is stored with the answers: not notes, and not direct identifiers, which travel apart. */
export function storedQuestions(questionnaire: Questionnaire): readonly Stored[] {
  return nodesOf(questionnaire.items).flatMap(({ item, repeat }) =>
    item.kind === 'question' && item.type !== 'note' && item.sensitivity !== 'direct identifier'
      ? [{ question: item, repeat: repeat?.name }]
      : [],
  )
}

/** Names of the repeats, in the order of the form. */
export function repeatsOf(questionnaire: Questionnaire): readonly string[] {
  return nodesOf(questionnaire.items).flatMap(({ item }) => (item.kind === 'repeat' ? [item.name] : []))
}
