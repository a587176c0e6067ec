import { nodesOf } from '../../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'

/** What each question and check says in English, by its name. A place that an answer would fill stays open. */
export function questionWords({ items, defaultLanguage }: Questionnaire): ReadonlyMap<string, string> {
  return new Map(
    nodesOf(items).flatMap(({ item }) => {
      const words = item.label?.['en'] ?? item.label?.[defaultLanguage]
      return words === undefined ? [] : [[item.name, words.replaceAll(/\$\{[^}]*\}/g, '…')] as const]
    }),
  )
}
