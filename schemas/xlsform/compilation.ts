import type { ChoiceList, Item, Texts } from '../questionnaire.ts'
import type { Column, RowReader } from './columns.ts'
import type { Findings, Spot, Workbook } from './workbook.ts'

/** What the parts of the compiler share while one survey is compiled. */
export interface Compilation {
  readonly workbook: Workbook
  readonly findings: Findings
  /** Language as written in the headers -> its code; '' is the column without a language. */
  readonly languageCodes: ReadonlyMap<string, string>
  readonly defaultLanguage: string
  readonly lists: Map<string, ChoiceList>
  /** The row each item was written in, for messages found later. */
  readonly origins: Map<Item, RowReader>
}

/** The texts of a translated column in every language, or undefined when all cells are empty. */
export function textsOf(compilation: Compilation, row: RowReader, name: string): Texts | undefined {
  const texts: Record<string, string> = {}
  for (const { language, text, column } of row.translations(name)) {
    const code = codeOf(compilation, language, column)
    if (code !== undefined && texts[code] === undefined) texts[code] = text
  }
  return Object.keys(texts).length === 0 ? undefined : texts
}

function codeOf(compilation: Compilation, language: string, column: Column): string | undefined {
  const code = compilation.languageCodes.get(language)
  if (code === undefined) throw new RangeError(`the language of the column ${column.header} was not collected`)
  return code
}

/** The nearest of some names to a misspelt one, for "did you mean"; undefined when none is near. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(wrong.length / 3)) + 1
  for (const name of names) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? limit
}

/** Where a column of an item was written. */
export function spotOf(compilation: Compilation, item: Item, column: string): Spot {
  return compilation.origins.get(item)?.spot(column) ?? { sheet: 'survey', row: 1, column }
}
