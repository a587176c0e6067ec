import { type Node, nodesOf } from '../interview/nodes.ts'
import type { Item, Questionnaire } from '../questionnaire.ts'
import { type Compilation, spotOf } from './compilation.ts'
import { diagnoseCodes } from './diagnose-codes.ts'
import { diagnoseCycles } from './diagnose-cycles.ts'
import { diagnoseReferences } from './diagnose-references.ts'
import { diagnoseTranslations } from './diagnose-translations.ts'
import { lint } from './lint.ts'

type Content = Omit<Questionnaire, 'sha256' | 'version'>

/** What can only be seen when the whole form is known: names, references, circles, codes, languages. */
export function diagnose(content: Content, compilation: Compilation): void {
  const nodes = nodesOf(content.items)
  const namesAreUnique = diagnoseNames(nodes, compilation)
  const byName = new Map(nodes.map((node) => [node.item.name, node]))
  diagnoseReferences(nodes, byName, compilation)
  // With a name used twice, circles could be found that are none.
  if (namesAreUnique) diagnoseCycles(nodes, byName, compilation)
  diagnoseCodes(nodes, byName, compilation)
  diagnoseTranslations(content, nodes, compilation)
  diagnoseUnusedLists(content, compilation)
  lint(content, nodes, compilation)
}

function diagnoseNames(nodes: readonly Node[], compilation: Compilation): boolean {
  const seen = new Map<string, Item>()
  for (const { item } of nodes) {
    // Databases do not tell b05 from B05.
    const key = item.name.toLowerCase()
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, item)
    else sameName(item, earlier, compilation)
  }
  for (const { item } of nodes) {
    if (item.kind === 'question' && item.missing !== undefined && seen.has(`${item.name}_missing`.toLowerCase())) {
      compilation.findings.error(
        spotOf(compilation, item, 'name'),
        `The column ${item.name}_missing is made for the missing codes of ${item.name}, but a question has that name. Rename it.`,
      )
    }
  }
  return seen.size === nodes.length
}

function sameName(item: Item, earlier: Item, compilation: Compilation): void {
  const row = compilation.origins.get(earlier)?.source.row
  const how = item.name === earlier.name ? `"${item.name}" is` : `"${item.name}" differs only in capitals from a name that is`
  compilation.findings.error(
    spotOf(compilation, item, 'name'),
    `The name ${how} already used in row ${row ?? '?'}. Each question, group and repeat needs its own name.`,
  )
}

function diagnoseUnusedLists(content: Content, compilation: Compilation): void {
  for (const name of compilation.lists.keys()) {
    if (content.lists[name] !== undefined || content.lists[`${name}_or_other`] !== undefined) continue
    const sheet = compilation.workbook.sheets.find((each) => each.name === 'choices')
    const row = sheet?.rows.find(({ cells }) => cells.includes(name))?.row ?? 1
    compilation.findings.ignore({ sheet: 'choices', row, column: 'list_name' }, `No question uses the list ${name}.`)
  }
}
