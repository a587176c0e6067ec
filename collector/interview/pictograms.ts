import table from '../assets/pictograms.json' with { type: 'json' }
import type { Choice } from '../../schemas/questionnaire.ts'

const pictures: Readonly<Record<string, Readonly<Record<string, string>>>> = table

/** The symbol beside an answer, or undefined for words alone; an image that the questionnaire names is looked up by its file name. */
export function pictogramOf(list: string | undefined, { name, media }: Choice, language: string): string | undefined {
  const named = media?.image?.[language] ?? Object.values(media?.image ?? {})[0]
  if (named !== undefined) return named.replace(/\.(svg|png)$/, '')
  return list === undefined ? undefined : pictures[list]?.[name]
}

/** Two columns of large pictures: only where every answer has one, and no more than six. */
export function isPictureGrid(list: string | undefined, choices: readonly Choice[], language: string): boolean {
  return choices.length > 0 && choices.length <= 6 && choices.every((choice) => pictogramOf(list, choice, language) !== undefined)
}
