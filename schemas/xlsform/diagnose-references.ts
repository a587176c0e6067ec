import type { Node } from '../interview/nodes.ts'
import type { Expression } from '../language/expression.ts'
import type { Question } from '../questionnaire.ts'
import { type Compilation, nearest, spotOf } from './compilation.ts'
import { expressionsOf, type Written } from './expressions-of.ts'

type ByName = ReadonlyMap<string, Node>

interface Place {
  readonly node: Node
  readonly written: Written
  readonly byName: ByName
  readonly compilation: Compilation
}

/** Every name that an expression or a text reads must be one that holds an answer, at a place it can be read from. */
export function diagnoseReferences(nodes: readonly Node[], byName: ByName, compilation: Compilation): void {
  for (const node of nodes) {
    for (const written of expressionsOf(node.item)) {
      const place = { node, written, byName, compilation }
      check(written.expression, place, choiceColumns(node, written, compilation))
      checkSelf(place)
    }
    checkTexts(node, byName, compilation)
  }
}

type Columns = { readonly names: ReadonlySet<string>; readonly of: string } | undefined

function choiceColumns({ item }: Node, { column }: Written, compilation: Compilation): Columns {
  if (column !== 'choice_filter' || item.kind !== 'question' || item.list === undefined) return undefined
  return columnsOfList(item.list, compilation)
}

function columnsOfList(list: string, compilation: Compilation): Columns {
  const names = new Set(['name', 'label'])
  for (const choice of compilation.lists.get(list)?.choices ?? []) for (const name of Object.keys(choice.columns ?? {})) names.add(name)
  return { names, of: `the list ${list}` }
}

function columnsOfRepeat(repeat: string, byName: ByName): Columns {
  const names = [...byName.values()]
    .filter((node) => node.repeat?.name === repeat && node.item.kind === 'question')
    .map(({ item }) => item.name)
  return { names: new Set(names), of: `the repeat ${repeat}` }
}

function check(expression: Expression, place: Place, columns: Columns): void {
  if (typeof expression === 'number') return
  switch (expression[0]) {
    case 'str':
    case 'self':
      return
    case 'ref':
      return checkRef(expression[1], place)
    case 'col':
      return checkColumn(expression[1], place, columns)
    case 'members':
      if (checkRepeat(expression[1], place) && expression[2] !== null)
        check(expression[2], place, columnsOfRepeat(expression[1], place.byName))
      return
    case 'of':
      if (Array.isArray(expression[1]) && expression[1][0] === 'members')
        checkColumn(expression[2], place, columnsOfRepeat(expression[1][1], place.byName))
      return check(expression[1], place, columns)
    case 'lookup':
      return checkLookup(expression, place)
    case 'op':
      check(expression[2], place, columns)
      return check(expression[3], place, columns)
    case 'neg':
      return check(expression[1], place, columns)
    case 'call':
      for (const each of expression.slice(2) as readonly Expression[]) check(each, place, columns)
      return
    default:
      expression satisfies never
  }
}

function checkRef(name: string, { node, written, byName, compilation }: Place): void {
  const found = byName.get(name)
  const spot = spotOf(compilation, node.item, written.column)
  if (found === undefined) return compilation.findings.error(spot, unknown(name, byName.keys()))
  const { item } = found
  if (item.kind === 'group') return compilation.findings.error(spot, `\${${name}} is a group and has no answer. Name a question in it.`)
  if (item.kind === 'question' && item.type === 'note') {
    compilation.findings.error(spot, `\${${name}} is a note and has no answer. Name a question.`)
  }
}

function unknown(name: string, names: Iterable<string>): string {
  const meant = nearest(name, names)
  return `There is no question named ${name}. ${meant === undefined ? 'Write the name of a question of this form.' : `Did you mean \${${meant}}?`}`
}

function checkRepeat(name: string, { node, written, byName, compilation }: Place): boolean {
  const found = byName.get(name)
  if (found?.item.kind === 'repeat') return true
  const spot = spotOf(compilation, node.item, written.column)
  if (found === undefined) compilation.findings.error(spot, unknown(name, byName.keys()))
  else compilation.findings.error(spot, `\${${name}} is not a repeat, so it has no members to look through.`)
  return false
}

function checkColumn(name: string, { node, written, byName, compilation }: Place, columns: Columns): void {
  if (columns?.names.has(name)) return
  const spot = spotOf(compilation, node.item, written.column)
  if (columns === undefined) {
    const advice = byName.has(name) ? `Did you mean \${${name}}?` : 'Names of questions stand in ${ }, texts in quotes.'
    return compilation.findings.error(spot, `"${name}" cannot stand here alone. ${advice}`)
  }
  const meant = nearest(name, columns.names)
  const advice = byName.has(name)
    ? `Did you mean \${${name}}?`
    : meant === undefined
      ? 'A text stands in quotes.'
      : `Did you mean ${meant}?`
  compilation.findings.error(spot, `There is no column "${name}" in ${columns.of}. ${advice}`)
}

function checkLookup([, list, predicate, column]: Extract<Expression, readonly ['lookup', ...unknown[]]>, place: Place): void {
  const { node, written, compilation } = place
  const spot = spotOf(compilation, node.item, written.column)
  if (!compilation.lists.has(list)) {
    const meant = nearest(list, compilation.lists.keys())
    return compilation.findings.error(
      spot,
      `There is no list "${list}" in the choices sheet. ${meant === undefined ? 'Add it there.' : `Did you mean ${meant}?`}`,
    )
  }
  const columns = columnsOfList(list, compilation)
  checkColumn(column, place, columns)
  if (predicate !== null) check(predicate, place, columns)
}

// `.` is the answer being checked: elsewhere it would make a question depend on itself.
function checkSelf({ node, written, compilation }: Place): void {
  const text = JSON.stringify(written.expression)
  const readsSelf = text.includes('["self"]')
  const spot = spotOf(compilation, node.item, written.column)
  if (readsSelf && written.column !== 'constraint') {
    compilation.findings.error(spot, `The dot (.) is the answer being checked and belongs in a constraint. Write \${name} here.`)
  }
  if (written.column === 'constraint' && !readsSelf && !text.includes(`["ref",${JSON.stringify(node.item.name)}]`)) {
    compilation.findings.warn(spot, 'This constraint does not look at the answer. Write . where the answer is meant, for example . >= 0.')
  }
}

function checkTexts({ item }: Node, byName: ByName, compilation: Compilation): void {
  const parts: readonly (readonly [string, Question['label']])[] = [
    ['label', item.label],
    ['hint', item.hint],
    ...(item.kind === 'question'
      ? ([
          ['constraint_message', item.constraintMessage],
          ['required_message', item.requiredMessage],
        ] as const)
      : []),
  ]
  for (const [column, texts] of parts) {
    for (const [language, text] of Object.entries(texts ?? {})) {
      for (const [, name = ''] of text.matchAll(/\$\{\s*([^}]*?)\s*\}/g)) {
        const found = byName.get(name)
        if (found?.item.kind === 'question' && found.item.type !== 'note') continue
        compilation.findings.error(
          spotOf(compilation, item, column),
          `The text (${language}) shows \${${name}}. ${unknown(name, byName.keys())}`,
        )
      }
    }
  }
}
