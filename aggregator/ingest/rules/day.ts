import type { FormContext } from '../../../schemas/interview/form.ts'
import type { Scope } from '../../../schemas/language/scope.ts'
import type { Choice, Question, Questionnaire } from '../../../schemas/questionnaire.ts'

/** The day and the round as the rules see them. */
export interface Day {
  readonly scope: Scope
  /** Codes of the lists, with what the round adds. */
  readonly codes: (list: string) => ReadonlySet<string>
  set(context: Pick<FormContext, 'today' | 'now'>): void
  /** Whether the lists are others than before. */
  setLists(lists: FormContext['lists']): boolean
}

export function createDay(questionnaire: Questionnaire, questions: ReadonlyMap<string, Question>): Day {
  let [today, now] = ['', '']
  let lists: FormContext['lists']
  const choices = new Map<string, readonly Choice[]>()
  const codes = new Map<string, Set<string>>()
  const setLists = (given: FormContext['lists']) => {
    lists = given
    for (const [name, list] of Object.entries(questionnaire.lists)) {
      const all = [...(given?.[name] ?? []), ...list.choices]
      choices.set(name, all)
      // The sets themselves stay: who accepts answers holds them.
      const known = codes.get(name) ?? new Set()
      known.clear()
      for (const choice of all) known.add(choice.name)
      codes.set(name, known)
    }
  }
  setLists(undefined)
  const choicesOf = (list: string) => choices.get(list) ?? []
  return {
    codes: (list) => codes.get(list) ?? new Set(),
    set(context) {
      today = context.today
      now = context.now
    },
    setLists(given) {
      if (given === lists) return false
      setLists(given)
      return true
    },
    scope: {
      get today() {
        return today
      },
      get now() {
        return now
      },
      value: () => '',
      self: () => '',
      members: () => [],
      position: () => 0,
      choiceName(question, code) {
        const label = choicesOf(questions.get(question)?.list ?? '').find(({ name }) => name === code)?.label
        return label?.[questionnaire.defaultLanguage] ?? code
      },
      list: choicesOf,
      random: Math.random,
    },
  }
}
