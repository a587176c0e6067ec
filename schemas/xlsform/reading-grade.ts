/**
 * Years of school an English text asks of its reader: Flesch-Kincaid grade, 0.39 words per sentence + 11.8 syllables per word - 15.59.
 * Names filled in by `${…}` count as one short word.
 * @source Kincaid et al. (1975), Research Branch Report 8-75.
 */
export function readingGrade(text: string): number {
  const plain = text.replace(/\$\{[^}]*\}/g, 'Ann').replace(/\([^)]*\)/g, ' ')
  const sentences = plain.split(/[.!?]+/).filter((each) => /[A-Za-z]/.test(each)).length
  const words = plain.match(/[A-Za-z']+/g) ?? []
  if (words.length === 0) return 0
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0)
  return (0.39 * words.length) / Math.max(1, sentences) + (11.8 * syllables) / words.length - 15.59
}

// Groups of vowels, without a silent e: right for nine words in ten, which is enough for a warning.
function syllablesOf(word: string): number {
  const plain = word
    .toLowerCase()
    .replace(/'/g, '')
    .replace(/(?:[^laeiouy]es|[^laeiouy]e|ed)$/, '')
    .replace(/^y/, '')
  return Math.max(1, (plain.match(/[aeiouy]{1,2}/g) ?? []).length)
}
