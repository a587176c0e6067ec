import { nodesOf } from '../interview/nodes.ts'
import type { Expression } from '../language/expression.ts'
import { toWords, type WordNames } from '../language/to-words.ts'
import type { Choice, Group, Item, Question, Questionnaire, Repeat, Texts } from '../questionnaire.ts'

/** A variable as a codebook describes it. */
export interface Variable {
  readonly question: Question
  /** `household`, `household_person`. */
  readonly table: string
  /** True for a direct identifier: it is asked, but no table has it. */
  readonly heldApart: boolean
  readonly sections: readonly (Group | Repeat)[]
  /** Whom it is asked of, in words; '' for everybody. */
  readonly universe: string
  /** What an answer must be, in words; '' when anything of the type goes. */
  readonly rule: string
  /** How a derived variable is computed, in words. */
  readonly calculation: string
  readonly choices: readonly Choice[]
}

/** Every variable of a questionnaire in form order, with its conditions in plain English. Notes and checks hold no answer and are left out. */
export function variablesOf(questionnaire: Questionnaire): readonly Variable[] {
  const names = namesIn(questionnaire)
  return nodesOf(questionnaire.items).flatMap(({ item, repeat, groups }) => {
    if (item.kind !== 'question' || item.type === 'note') return []
    return [
      {
        question: item,
        table: repeat === undefined ? questionnaire.id : `${questionnaire.id}_${repeat.name}`,
        heldApart: item.sensitivity === 'direct identifier',
        sections: groups,
        universe: universeOf([...groups, item], names),
        rule: item.constraint === undefined ? '' : toWords(item.constraint, names),
        calculation: item.calculation === undefined ? '' : toWords(item.calculation, names),
        choices: item.list === undefined ? [] : (questionnaire.lists[item.list]?.choices ?? []),
      },
    ]
  })
}

/** The conditions of an item and the sections it stands in, in words. */
export function universeOf(items: readonly Item[], names: WordNames): string {
  const conditions = items.map(({ relevant }) => relevant).filter((each) => each !== undefined)
  const [first, ...others] = conditions
  if (first === undefined) return ''
  return toWords(
    others.reduce<Expression>((all, each) => ['op', 'and', all, each], first),
    names,
  )
}

/** Questions by their names, choices by their labels in the default language. */
export function namesIn({ items, lists, defaultLanguage }: Questionnaire): WordNames {
  const byName = new Map(nodesOf(items).map(({ item }) => [item.name, item]))
  return {
    question: (name) => (byName.get(name)?.kind === 'repeat' ? 'member' : name),
    choice(question, code) {
      const item = byName.get(question)
      const list = item?.kind === 'question' && item.list !== undefined ? lists[item.list] : undefined
      const choice = list?.choices.find(({ name }) => name === code)
      return choice === undefined ? undefined : plainText(choice.label, defaultLanguage)
    },
  }
}

/** A text without its fill-ins: `${B01}` becomes […]. */
export function plainText(texts: Texts | undefined, language: string): string {
  return (texts?.[language] ?? Object.values(texts ?? {})[0] ?? '').replace(/\$\{[^}]*\}/g, '[…]')
}

export const missingLabels: Readonly<Record<'98' | '99', string>> = { '98': "Don't know", '99': 'Prefer not to say' }

/** "Don't know" or "prefer not to say" in a language of the questionnaire: as its lists say it, else in English. */
export function missingLabel({ lists }: Questionnaire, code: '98' | '99', language: string): string {
  const choices = Object.values(lists).flatMap((list) => list.choices)
  return choices.find(({ name, label }) => name === code && label[language] !== undefined)?.label[language] ?? missingLabels[code]
}
