// What a changed rule of a derived variable touches, and whether the answers that are kept still decide it.
import { type Node, nodesOf } from '../../schemas/interview/nodes.ts'
import { calls } from '../../schemas/interview/references.ts'
import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import type { Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** Derived variables to work out anew, and what decides them. */
export interface StaleRules {
  readonly variables: ReadonlySet<string>
  /** Questions that are read on the way, relevance included; of those that are not derived the answers are needed. */
  readonly answers: ReadonlySet<string>
}

type Nodes = ReadonlyMap<string, Node>
const byName = ({ items }: Questionnaire): Nodes => new Map(nodesOf(items).map((node) => [node.item.name, node]))

/** The derived variables of `wanted` that records derived by `followed` may hold with another value, in the order of the form. */
export function staleRules(followed: Questionnaire, wanted: Questionnaire): StaleRules {
  const [before, after] = [byName(followed), byName(wanted)]
  const changed = (name: string): boolean => {
    const [was, is] = [before.get(name), after.get(name)]
    return is !== undefined && isDerived(is) && (was === undefined || ruleOf(was, followed) !== ruleOf(is, wanted))
  }
  const variables = [...after.keys()].filter((name) => isDerived(after.get(name)) && [...behind(after, [name])].some(changed))
  const read = behind(after, variables)
  return { variables: new Set(variables), answers: new Set([...read].filter((name) => !isWorkedOut(after.get(name)))) }
}

/** Why the kept answers of records asked with `asked` do not decide these variables; empty when they do. Names questions, never answers. */
export function whatIsMissing(asked: Questionnaire, wanted: Questionnaire, { variables, answers }: StaleRules): readonly string[] {
  const [then, now] = [byName(asked), byName(wanted)]
  const reasons: string[] = []
  for (const name of behind(now, [...variables])) {
    const node = now.get(name)
    if (node === undefined) continue
    if (expressionsOf(node).some((each) => calls(each, ofTheMoment)))
      reasons.push(`${name} reads the time of the interview, and only its day is kept.`)
    if (variables.has(name) && !isWorkedOut(node)) reasons.push(`${name} depends on what was there before.`)
    if (!answers.has(name) || variables.has(name)) continue
    const old = then.get(name)
    if (node.item.kind === 'question' && node.item.sensitivity === 'direct identifier')
      reasons.push(`${name} is a direct identifier and is not kept with the answers.`)
    else if (old === undefined) reasons.push(`${name} was not asked with version ${asked.version}.`)
    else if (meaningOf(old, asked) !== meaningOf(node, wanted)) reasons.push(`${name} is another question in version ${asked.version}.`)
  }
  return reasons
}

/** The codes of a question's list, as text; undefined when there is no such question. */
export function codesOf(questionnaire: Questionnaire, name: string): string | undefined {
  const node = byName(questionnaire).get(name)
  return node?.item.kind === 'question' ? codesIn(node.item, questionnaire) : undefined
}

const ofTheMoment: ReadonlySet<string> = new Set(['now', 'random', 'uuid'])

const isDerived = (node: Node | undefined): boolean => node?.item.kind === 'question' && node.item.calculation !== undefined

/** Derived from answers alone: what `once` keeps is an answer like any other. */
const isWorkedOut = (node: Node | undefined): boolean =>
  node?.item.kind === 'question' && node.item.calculation !== undefined && !dependencies(node.item.calculation).self

/** What decides the value that a node has: its rule, and when it and the sections around it are relevant. */
function expressionsOf({ item, groups }: Node): readonly Expression[] {
  const rule = item.kind === 'question' && item.calculation !== undefined ? [item.calculation] : []
  return [...rule, ...[...groups, item].flatMap(({ relevant }) => (relevant === undefined ? [] : [relevant]))]
}

/** These names and everything they read, however deep. */
function behind(nodes: Nodes, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (name: string): void => {
    const node = nodes.get(name)
    if (node === undefined || found.has(name)) return
    found.add(name)
    if (node.repeat !== undefined) visit(node.repeat.name)
    for (const each of expressionsOf(node)) for (const read of dependencies(each).names) visit(read)
  }
  for (const name of names) visit(name)
  return found
}

function ruleOf(node: Node, questionnaire: Questionnaire): string {
  const lists = expressionsOf(node).flatMap((each) => [...dependencies(each).lists])
  return JSON.stringify([expressionsOf(node), shapeOf(node, questionnaire), lists.map((name) => questionnaire.lists[name])])
}

/** An unchanged concept promises unchanged words, so that words need no look. */
function meaningOf(node: Node, questionnaire: Questionnaire): string {
  const concept = node.item.kind === 'question' ? (node.item.concept ?? null) : null
  return JSON.stringify([expressionsOf(node), shapeOf(node, questionnaire), concept])
}

function shapeOf({ item, repeat }: Node, questionnaire: Questionnaire): readonly unknown[] {
  if (item.kind !== 'question') return [item.kind]
  const { type, valueType = null, missing = null } = item
  return [repeat?.name ?? null, type, valueType, missing, codesIn(item, questionnaire)]
}

const codesIn = ({ list }: Question, { lists }: Questionnaire): string =>
  list === undefined ? '' : (lists[list]?.choices ?? []).map(({ name }) => name).join(' ')
