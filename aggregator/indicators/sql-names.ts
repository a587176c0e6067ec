import type { SqlColumn, SqlNames } from '../../schemas/language/to-sql.ts'
import type { SqlKind } from '../../schemas/language/sql-value.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** Name of the table of homes, or of a repeat. The view with `current_` before it holds what counts now, corrections applied. */
export const tableOf = (questionnaire: Questionnaire, repeat?: string): string => `${questionnaire.id}${repeat ? `_${repeat}` : ''}`

/** The one roster whose members the person indicators count. @throws RangeError when the questionnaire has no repeat. */
export function personRepeat(questionnaire: Questionnaire): string {
  const find = (items: readonly Item[]): string | undefined =>
    items
      .map((item) => (item.kind === 'repeat' ? item.name : item.kind === 'group' ? find(item.items) : undefined))
      .find((name) => name !== undefined)
  const name = find(questionnaire.items)
  if (name === undefined) throw new RangeError(`The questionnaire ${questionnaire.id} has no repeat of people.`)
  return name
}

/** Where each answer of a questionnaire lies in the warehouse; `prefix` chooses between tables and views. */
export function sqlNames(questionnaire: Questionnaire, prefix: '' | 'current_' | 'shareable_' = 'current_'): SqlNames {
  const columns = new Map<string, SqlColumn>()
  const repeats = new Map<string, string>()
  const lists = new Map<string, string>()
  const walk = (items: readonly Item[], repeat?: string): void => {
    for (const item of items) {
      if (item.kind === 'repeat') {
        repeats.set(item.name, `${prefix}${tableOf(questionnaire, item.name)}`)
        walk(item.items, item.name)
      } else if (item.kind === 'group') walk(item.items, repeat)
      else {
        columns.set(item.name, { column: item.name, kind: kindOf(item), ...(repeat && { repeat }) })
        if (item.list) lists.set(item.name, item.list)
      }
    }
  }
  walk(questionnaire.items)
  const choices = (list: string) => questionnaire.lists[list]?.choices ?? []
  const label = (texts: Readonly<Record<string, string>>) => texts[questionnaire.defaultLanguage] ?? ''
  return {
    question: (name) => columns.get(name),
    repeatTable: (name) => repeats.get(name),
    list: (name) => choices(name).map((choice) => ({ ...choice.columns, name: choice.name, label: label(choice.label) })),
    labels: (question) => Object.fromEntries(choices(lists.get(question) ?? '').map((choice) => [choice.name, label(choice.label)])),
  }
}

function kindOf({ type, valueType }: Question): SqlKind {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'range':
      return 'number'
    case 'date':
    case 'today':
      return 'date'
    case 'select_multiple':
    case 'rank':
      return 'codes'
    case 'calculate':
    case 'hidden':
      return valueType === 'integer' || valueType === 'decimal' ? 'number' : valueType === 'date' ? 'date' : 'text'
    default:
      return 'text'
  }
}
