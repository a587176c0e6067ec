import { isInRange, isOfType } from '../../../schemas/interview/check-answer.ts'
import type { Answer } from '../../../schemas/interview/answers.ts'
import { isMissingCode } from '../../../schemas/interview/reading.ts'
import type { Choice, Question, Questionnaire } from '../../../schemas/questionnaire.ts'

export type Acceptor = (answer: Answer) => boolean

/** Type, list and range of the answers to one question; a missing code is always in order. */
export function acceptorOf(question: Question, questionnaire: Questionnaire, codes: (list: string) => ReadonlySet<string>): Acceptor {
  const { list, missing } = question
  const offered = list === undefined ? undefined : codes(list)
  const exclusive = list === undefined ? undefined : questionnaire.lists[list]?.exclusive
  const fits = fitsType(question, offered, exclusive)
  return missing === undefined ? fits : (answer) => isMissingCode(question, answer) || fits(answer)
}

function fitsType(question: Question, offered: ReadonlySet<string> | undefined, exclusive: readonly string[] | undefined): Acceptor {
  if (question.type === 'date' && offered === undefined) return rememberedDates(question)
  if (question.type === 'select_one' && question.calculation === undefined)
    return (answer) => typeof answer === 'string' && offered?.has(answer) === true
  return (answer) => {
    if (!isOfType(question, answer) || !isInRange(question, answer)) return false
    if (offered === undefined) return true
    if (!Array.isArray(answer)) return offered.has(String(answer))
    for (const code of answer as readonly string[]) if (!offered.has(code)) return false
    return answer.length < 2 || exclusive?.some((code) => answer.includes(code)) !== true
  }
}

/** Few days are named again and again, and whether one is in the calendar takes long to say. */
function rememberedDates(question: Question): Acceptor {
  const known = new Set<Answer>()
  return (answer) => {
    if (known.has(answer)) return true
    if (!isOfType(question, answer)) return false
    if (known.size > 50_000) known.clear()
    known.add(answer)
    return true
  }
}

/** Whether the filter lets every code through. */
export function offers(choices: readonly Choice[], answer: Answer, filter: (choice: Choice) => boolean): boolean {
  const offered = (code: string) => choices.some((choice) => choice.name === code && filter(choice))
  return Array.isArray(answer) ? answer.every(offered) : offered(String(answer))
}

/** As `offers`, for filters that ask for nothing but columns of the choice: what a list offers is then worked out once. `at` names the filter. */
export function offersByColumns() {
  const known: { readonly choices: readonly Choice[]; readonly offered: ReadonlySet<string> }[] = []
  return (at: number, choices: readonly Choice[], answer: Answer, filter: (choice: Choice) => boolean): boolean => {
    const before = known[at]
    const { offered } =
      before?.choices === choices ? before : (known[at] = { choices, offered: new Set(choices.filter(filter).map(({ name }) => name)) })
    return Array.isArray(answer) ? answer.every((code) => offered.has(code)) : offered.has(String(answer))
  }
}

/** As a choice filter sees a choice. */
export const choiceColumn =
  (language: string) =>
  ({ name, label, columns }: Choice, wanted: string): string =>
    wanted === 'name' ? name : (columns?.[wanted] ?? (wanted === 'label' ? (label[language] ?? '') : ''))
