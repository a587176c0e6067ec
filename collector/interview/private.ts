import type { Answers, Place } from '../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../schemas/interview/form.ts'
import type { Question } from '../../schemas/questionnaire.ts'
import { isMissingCode, missingAnswer } from './missing.ts'
import type { Outline } from './outline.ts'
import { valueAt } from './values.ts'

/** A question that only the person may answer and that could harm: asked alone, its answer leaves the screen, and it can be stopped. */
export function isPrivate({ whoAnswers, sensitivity }: Question): boolean {
  return whoAnswers === 'self' && sensitivity === 'sensitive'
}

/**
 * A question that a person may answer alone, by ear and touch: one with answers to choose from that is asked of somebody; consent is read
 * aloud instead. A private one that was answered before is not handed over again.
 */
export function mayAnswerAlone(question: Question, isAnswered: boolean): boolean {
  if (isPrivate(question)) return !isAnswered
  const isAsked = question.whoAnswers !== 'interviewer' && question.consent === undefined
  return isAsked && question.list !== undefined && question.type.startsWith('select')
}

/**
 * Ends the section in which a private question stands: what is not answered yet becomes "prefer not to say".
 * Answers that were given stay; the person may ask to take them out as well.
 */
export function stopSection(form: Form, outline: Outline, answers: Answers, place: Place): Answers {
  let stopped = answers
  // An answer can open further questions of the section; each pass closes those that the last one opened.
  for (;;) {
    const open = openQuestions(form, outline, stopped, place)
    if (open.length === 0) return stopped
    stopped = open.reduce((all, each) => form.answer(all, each.place, missingAnswer(each.question, '99')), stopped)
  }
}

/** The last question of the section that a place stands in; going on from there leaves the section. */
export function endOfSection(form: Form, outline: Outline, answers: Answers, place: Place): Place {
  return inSection(form, outline, answers, place).at(-1)?.place ?? place
}

function openQuestions(form: Form, outline: Outline, answers: Answers, place: Place): readonly Asked[] {
  return inSection(form, outline, answers, place).filter(
    ({ question, place: at }) => question.type !== 'note' && valueAt(answers, at) === undefined && canRefuse(form, answers, question, at),
  )
}

function inSection(form: Form, { nodes }: Outline, answers: Answers, { name, repeat, row }: Place): readonly Asked[] {
  const section = nodes.get(name)?.groups.findLast(({ kind }) => kind === 'group')
  const within = repeat === undefined || row === undefined ? undefined : { repeat, row }
  return form.asked(answers, within).filter(({ groups }) => section !== undefined && groups.includes(section))
}

function canRefuse(form: Form, answers: Answers, { missing, list }: Question, place: Place): boolean {
  if (list === undefined) return missing?.includes('99') === true
  return form.choices(answers, place).some(({ name }) => isMissingCode(name) && name === '99')
}
