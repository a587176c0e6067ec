import type { Node } from '../interview/nodes.ts'
import type { Questionnaire, Texts } from '../questionnaire.ts'
import { type Compilation, spotOf } from './compilation.ts'
import type { Spot } from './workbook.ts'

/** A missing text in the default language is an error; in another language one warning tells how many are missing and where. */
export function diagnoseTranslations(
  content: Pick<Questionnaire, 'languages' | 'defaultLanguage' | 'lists'>,
  nodes: readonly Node[],
  compilation: Compilation,
): void {
  const missing = new Map<string, Spot[]>()
  const look = (texts: Texts | undefined, spot: Spot): void => {
    if (texts === undefined) return
    for (const { code } of content.languages) if (texts[code] === undefined) missing.set(code, [...(missing.get(code) ?? []), spot])
  }
  for (const { item } of nodes) {
    look(item.label, spotOf(compilation, item, 'label'))
    look(item.hint, spotOf(compilation, item, 'hint'))
    if (item.kind !== 'question') continue
    look(item.constraintMessage, spotOf(compilation, item, 'constraint_message'))
    look(item.requiredMessage, spotOf(compilation, item, 'required_message'))
  }
  const choices = compilation.workbook.sheets.find(({ name }) => name === 'choices')
  for (const [list, { choices: each }] of Object.entries(content.lists)) {
    for (const choice of each) look(choice.label, { sheet: 'choices', row: rowOf(choices, list, choice.name), column: 'label' })
  }
  for (const [code, spots] of missing) report(code, spots, content, compilation)
}

function rowOf(choices: Compilation['workbook']['sheets'][number] | undefined, list: string, name: string): number {
  return choices?.rows.find(({ cells }) => cells.includes(list) && cells.includes(name))?.row ?? 1
}

function report(
  code: string,
  spots: readonly Spot[],
  content: Pick<Questionnaire, 'languages' | 'defaultLanguage'>,
  compilation: Compilation,
): void {
  const [first] = spots
  if (first === undefined) return
  const language = content.languages.find((each) => each.code === code)?.name ?? code
  const written = (spot: Spot): Spot => ({ ...spot, column: headerOf(spot, code, compilation) })
  if (code === content.defaultLanguage) {
    for (const spot of spots)
      compilation.findings.error(written(spot), `This text is missing in the default language, ${language}. Write it.`)
    return
  }
  const rows = [...new Set(spots.map(({ sheet, row }) => `${sheet} ${row}`))]
  compilation.findings.warn(
    written(first),
    `${spots.length} texts are missing in ${language} and will be shown in the default language; first at ${rows.slice(0, 5).join(', ')}.`,
  )
}

/** The header of the column that should hold the text in that language. */
function headerOf({ sheet, column = '' }: Spot, code: string, compilation: Compilation): string {
  const header = compilation.workbook.sheets.find(({ name }) => name === sheet)?.header ?? []
  const base = column.split('::')[0] ?? column
  const languages = [...compilation.languageCodes].filter(([, each]) => each === code).map(([language]) => language)
  return (
    header.find((each) => languages.some((language) => each === `${base}::${language}` || each === `${base}:${language}`)) ??
    `${base} (${code})`
  )
}
