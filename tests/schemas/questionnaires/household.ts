import { join } from 'node:path'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Answer, Answers, Row } from '../../../schemas/interview/answers.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readSurvey } from '../../../schemas/xlsform/read.ts'

const sheets = (id: string) => join(import.meta.dirname, '../../../schemas/questionnaires', id)

/** Compiles a survey of ours from its sheets; what stands in the way is the message of the error. */
export async function compiled(id: string): Promise<Questionnaire> {
  const { questionnaire, problems } = compileQuestionnaire(await readSurvey(sheets(id)), id)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (questionnaire === undefined) throw new Error(errors.map(({ row, column, message }) => `row ${row} ${column}: ${message}`).join('\n'))
  return questionnaire
}

export const interviewDay = '2026-06-15'

/** The form on 15 June 2026, with the settings of a round in the Philippines unless told otherwise. */
export function formOf(questionnaire: Questionnaire, settings: Readonly<Record<string, string | number>> = {}): Form {
  return createForm(questionnaire, { today: interviewDay, now: `${interviewDay}T09:00:00+08:00`, settings })
}

export type Given = Readonly<Record<string, Answer>>

/** An adult woman born here, living here, the one who is talked with. */
export const head: Given = {
  B01: 'Ana',
  B02: '01',
  B03: 'F',
  B05: 40,
  B06: '1',
  B09: 'M',
  B11: '1',
  B14: '1',
  C01: 'PHL',
  C02: 'PHL',
  C04: '1',
  C05: '1',
  C06: '0',
  C07: '0',
}
export const consenting: Given = {
  A01: '9890101001',
  A02: '12',
  A03: '1',
  A04: 'fil',
  A05: '1',
  A06: '1',
  A07: '1',
  A08: '1',
  A09: '0',
  A10: '0',
  A14: '0',
  A11: '3',
}

/** An interview with these people; every answer is given one after the other, as on the phone. */
export function interview(form: Form, people: readonly Given[], household: Given = {}): Answers {
  let answers = form.start()
  for (const [name, value] of Object.entries({ ...consenting, ...household })) answers = form.answer(answers, { name }, value)
  people.forEach((person, index) => {
    const row = `row-${index + 1}`
    answers = form.addRow(answers, 'person', row)
    for (const [name, value] of Object.entries(person)) answers = form.answer(answers, { name, repeat: 'person', row }, value)
  })
  return answers
}

export const rowsIn = (answers: Answers, repeat: string): readonly Row[] => (answers[repeat] ?? []) as readonly Row[]
export const rowsOf = (answers: Answers): readonly Row[] => rowsIn(answers, 'person')

/** One derived variable of the person at this place, counted from 1. */
export const derived = (answers: Answers, name: string, person = 1): Answer | undefined => rowsOf(answers)[person - 1]?.[name]

/** Names of the questions that are asked of this person. */
export const askedOf = (form: Form, answers: Answers, person = 1): readonly string[] =>
  form.asked(answers, { repeat: 'person', row: `row-${person}` }).map(({ question }) => question.name)

export const askedAtHome = (form: Form, answers: Answers): readonly string[] =>
  form
    .asked(answers)
    .filter(({ place }) => place.repeat === undefined)
    .map(({ question }) => question.name)

/** Names of the checks that are raised. */
export const checks = (form: Form, answers: Answers): readonly string[] =>
  form
    .validate(answers)
    .filter(({ kind }) => kind === 'check')
    .map(({ place }) => place.name)

export function questionsOf(items: readonly Item[]): readonly Question[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item] : questionsOf(item.items)))
}

export function itemsOf(items: readonly Item[]): readonly Item[] {
  return items.flatMap((item) => [item, ...(item.kind === 'question' ? [] : itemsOf(item.items))])
}
