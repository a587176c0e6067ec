import type { Answers, Row } from '../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../schemas/interview/form.ts'
import { memberQuestions } from './pages.ts'
import { rowAt } from './values.ts'

/** How far one block of questions is: of a member, or of the household level. Notes count as nothing. */
export interface Progress {
  readonly asked: number
  readonly answered: number
  /** Required questions without an answer. */
  readonly open: number
}

export type MemberState = { readonly kind: 'new' } | { readonly kind: 'started'; readonly left: number } | { readonly kind: 'done' }

// The engine gives the same list while nothing in it changed: with the same row, the count is the same. Remembers, never decides.
const counted = new WeakMap<readonly Asked[], { readonly member: Row | undefined; readonly progress: Progress }>()

/** Counts the questions of a member; those that may stay empty count once they are answered. */
export function memberProgress(form: Form, answers: Answers, repeat: string, row: string): Progress {
  const questions = memberQuestions(form, answers, repeat, row)
  const member = rowAt(answers, repeat, row)
  const known = counted.get(questions)
  if (known !== undefined && known.member === member) return known.progress
  const progress = count(questions, member)
  counted.set(questions, { member, progress })
  return progress
}

function count(questions: readonly Asked[], member: Row | undefined): Progress {
  let [asked, answered, open] = [0, 0, 0]
  for (const { question } of questions) {
    if (question.type === 'note') continue
    const isAnswered = member?.[question.name] !== undefined
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
