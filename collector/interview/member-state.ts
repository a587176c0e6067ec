import type { Answers, Row } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import { memberQuestions } from './pages.ts'
import { valueAt } from './values.ts'

/** How far one block of questions is: of a member, or of the household level. Notes count as nothing. */
export interface Progress {
  readonly asked: number
  readonly answered: number
  /** Required questions without an answer. */
  readonly open: number
}

export type MemberState = { readonly kind: 'new' } | { readonly kind: 'started'; readonly left: number } | { readonly kind: 'done' }

/** Counts the questions of a member; may stay empty ones count once they are answered. */
export function memberProgress(form: Form, answers: Answers, repeat: string, row: string): Progress {
  let [asked, answered, open] = [0, 0, 0]
  for (const { question, place } of memberQuestions(form, answers, repeat, row)) {
    if (question.type === 'note') continue
    const isAnswered = valueAt(answers, place) !== undefined
    if (!isAnswered && question.required === undefined) continue
    asked += 1
    if (isAnswered) answered += 1
    else open += 1
  }
  return { asked, answered, open }
}

/** The state of a member in the words of the card; the name alone is not a start. */
export function memberState({ answered, open }: Progress, isNamed: boolean): MemberState {
  if (answered <= (isNamed ? 1 : 0) && open > 0) return { kind: 'new' }
  return open > 0 ? { kind: 'started', left: open } : { kind: 'done' }
}

export interface MemberView {
  readonly row: Row
  readonly number: number
  readonly name: string
  readonly state: MemberState
}
