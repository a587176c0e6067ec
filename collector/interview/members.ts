import type { Answers } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import { type MemberState, memberProgress, memberState } from './member-state.ts'
import type { Outline } from './outline.ts'
import { rowAt, rowsOf } from './values.ts'

/** What a member is called on the cards; undefined while nobody wrote a name. */
export function memberName({ nameQuestion }: Outline, answers: Answers, repeat: string, row: string): string | undefined {
  const question = nameQuestion.get(repeat)
  const name = question && rowAt(answers, repeat, row)?.[question.name]
  return typeof name === 'string' ? name : undefined
}

/** The number of a member, from 1. */
export function memberNumber(answers: Answers, repeat: string, row: string): number {
  return rowsOf(answers, repeat).findIndex(({ _id }) => _id === row) + 1
}

export function stateOfMember(form: Form, outline: Outline, answers: Answers, repeat: string, row: string): MemberState {
  return memberState(memberProgress(form, answers, repeat, row), outline.nameQuestion.has(repeat))
}

/** The next member with questions left, after the one given if there is one. */
export function nextUnfinished(form: Form, outline: Outline, answers: Answers, repeat: string): string | undefined {
  return rowsOf(answers, repeat).find(({ _id }) => stateOfMember(form, outline, answers, repeat, _id).kind !== 'done')?._id
}

/** True while nobody was asked more than the name: names are written first, then each member's block. */
export function isNaming(form: Form, outline: Outline, answers: Answers, repeat: string): boolean {
  return rowsOf(answers, repeat).every(({ _id }) => stateOfMember(form, outline, answers, repeat, _id).kind === 'new')
}
