import type { Expression } from '../language/expression.ts'
import type { RowReader } from './columns.ts'
import type { Compilation } from './compilation.ts'

/** Lists cells that are filled and have no effect, so that their author knows. */
export function ignoreCells(compilation: Compilation, row: RowReader, names: readonly string[], why: string): void {
  for (const name of names) {
    for (const { column } of row.translations(name)) compilation.findings.ignore({ ...row.spot(name), column: column.header }, why)
  }
}

const appearances =
  /^(numbers|multiline|minimal|quick|columns|columns-\d+|columns-pack|no-buttons|no-calendar|month-year|year|field-list|label|list-nolabel|likert|picker|search|autocomplete|thousands-sep|area-register)$/

/** The appearance of a row; words that nothing here draws are listed as ignored. */
export function appearanceOf(compilation: Compilation, row: RowReader): readonly string[] | undefined {
  const words = row
    .cell('appearance')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
  const kept = words.filter((word) => appearances.test(word.toLowerCase())).map((word) => word.toLowerCase())
  const dropped = words.filter((word) => !appearances.test(word.toLowerCase()))
  if (dropped.length > 0)
    compilation.findings.ignore(
      row.spot('appearance'),
      `The appearance ${dropped.join(' ')} is not drawn here; the question is shown plainly.`,
    )
  return kept.length === 0 ? undefined : kept
}

const yes = new Set(['yes', 'true', 'true()', '1'])
const no = new Set(['', 'no', 'false', 'false()', '0'])

/** A yes/no cell; undefined when it is neither. */
export function yesNo(cell: string): boolean | undefined {
  const lower = cell.toLowerCase()
  if (yes.has(lower)) return true
  return no.has(lower) ? false : undefined
}

export const always: Expression = ['call', 'true']

/** `start=0 end=10 step=1`, also with commas or semicolons between. */
export function parametersOf(compilation: Compilation, row: RowReader): Readonly<Record<string, string>> | undefined {
  const text = row.cell('parameters').replace(/\s*=\s*/g, '=')
  if (text === '') return undefined
  const pairs: [string, string][] = []
  for (const word of text.split(/[\s,;]+/).filter((each) => each !== '')) {
    const [key, value, more] = word.split('=')
    if (key === undefined || value === undefined || value === '' || more !== undefined) {
      compilation.findings.error(
        row.spot('parameters'),
        `"${word}" is not a parameter. Write name=value, for example start=0 end=10 step=1.`,
      )
    } else pairs.push([key.toLowerCase(), value])
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}
