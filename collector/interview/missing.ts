import type { Answer } from '../../schemas/interview/answers.ts'
import type { ChoiceList, Question } from '../../schemas/questionnaire.ts'

export type MissingCode = '98' | '99'

/** How "don't know" and "prefer not to say" are stored for a question: text codes, negative for numbers. */
export function missingAnswer({ type }: Pick<Question, 'type'>, code: MissingCode): Answer {
  if (type === 'integer' || type === 'decimal' || type === 'range') return code === '98' ? -98 : -99
  return type === 'select_multiple' ? [code] : code
}

/** The missing code that an answer is, or undefined for a real answer. */
export function missingCodeOf(question: Pick<Question, 'type'>, answer: Answer | undefined): MissingCode | undefined {
  return (['98', '99'] as const).find((code) => {
    const missing = missingAnswer(question, code)
    return typeof missing === 'object' ? Array.isArray(answer) && answer.length === 1 && answer[0] === code : answer === missing
  })
}

export function isMissingCode(name: string): name is MissingCode {
  return name === '98' || name === '99'
}

/**
 * What a tap on one box of "tick all" leaves chosen: an exclusive choice (none, don't know) clears the others, any other clears the exclusive ones.
 * @returns undefined when nothing is left
 */
export function toggleChoice(list: ChoiceList | undefined, chosen: readonly string[], name: string): readonly string[] | undefined {
  const exclusive = new Set(list?.exclusive)
  if (chosen.includes(name)) return nonEmpty(chosen.filter((each) => each !== name))
  if (exclusive.has(name) || isMissingCode(name)) return [name]
  return [...chosen.filter((each) => !exclusive.has(each) && !isMissingCode(each)), name]
}

function nonEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? names : undefined
}
