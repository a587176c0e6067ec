import type { Answers } from '../../schemas/interview/answers.ts'
import type { Area } from '../../schemas/generated/records.ts'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** Questions whose choices are the areas of the round; known by their appearance. */
export const areaRegister = 'area-register'

export function areaQuestions({ items }: Questionnaire): readonly Question[] {
  return nodesOf(items).flatMap(({ item }) => (item.kind === 'question' && item.appearance?.includes(areaRegister) ? [item] : []))
}

/** The questionnaire with the areas of the round in the place of the empty list that the form was written with. */
export function withAreas(questionnaire: Questionnaire, areas: readonly Area[]): Questionnaire {
  const choices = fieldAreas(areas).map(({ code, name }) => ({ name: code, label: { [questionnaire.defaultLanguage]: name } }))
  const lists = Object.fromEntries(areaQuestions(questionnaire).flatMap(({ list }) => (list === undefined ? [] : [[list, { choices }]])))
  return { ...questionnaire, lists: { ...questionnaire.lists, ...lists } }
}

/** Answers the area questions with the area that the enumerator opened the interview for. */
export function answerArea(form: Form, answers: Answers, area: string): Answers {
  return areaQuestions(form.questionnaire)
    .filter(({ name }) => answers[name] === undefined)
    .reduce((all, { name }) => form.answer(all, { name }, area), answers)
}

/** The areas of this phone, or all when none of them is known. */
export function assignedAreas(areas: readonly Area[], assigned: readonly string[]): readonly Area[] {
  const all = fieldAreas(areas)
  const own = all.filter(({ code }) => assigned.includes(code))
  return own.length > 0 ? own : all
}

/** The areas where people are interviewed: those that no other area lies in. */
export function fieldAreas(areas: readonly Area[]): readonly Area[] {
  const parents = new Set(areas.map(({ parent }) => parent))
  return areas.filter(({ code }) => !parents.has(code))
}
