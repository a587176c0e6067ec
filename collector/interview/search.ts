import type { Choice } from '../../schemas/questionnaire.ts'

/** From this many choices on, a list is searched instead of scrolled. */
export const longList = 7

/**
 * The choices in which every typed word begins a word, in any language of the form; marks on letters do not count.
 * Those that begin with what was typed come first, else the order of the sheet holds.
 */
export function searchChoices(choices: readonly Choice[], typed: string): readonly Choice[] {
  const words = plainLetters(typed).split(' ').filter(Boolean)
  if (words.length === 0) return choices
  const ranked = choices.flatMap((choice) => {
    const labels = Object.values(choice.label).map(plainLetters)
    const hit = labels.some((label) => words.every((word) => label.split(' ').some((each) => each.startsWith(word))))
    return hit ? [{ choice, first: labels.some((label) => label.startsWith(words.join(' '))) }] : []
  })
  return [...ranked.filter(({ first }) => first), ...ranked.filter(({ first }) => !first)].map(({ choice }) => choice)
}

/** Lower case, without marks on letters, words apart by single blanks. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
