import { type Reference, referencesOf } from '../../schemas/interview/references.ts'
import { type Node, nodesOf } from '../../schemas/interview/nodes.ts'
import type { Question, Questionnaire, Repeat } from '../../schemas/questionnaire.ts'

/** What the screens need to know of a questionnaire before anybody answers; computed once per open interview. */
export interface Outline {
  /** Position of every question and repeat in the form, by name. */
  readonly order: ReadonlyMap<string, number>
  readonly nodes: ReadonlyMap<string, Node>
  /** Visible questions and repeats at household level, in order. */
  readonly household: readonly Node[]
  readonly repeats: readonly Repeat[]
  /** The question of each repeat that names its members: the first visible text. */
  readonly nameQuestion: ReadonlyMap<string, Question>
  /** Questions and calculations by their concept, without its version: sex, age, visit-result. */
  readonly concepts: ReadonlyMap<string, readonly string[]>
  /** Per question: the checks that read it, directly or through calculations. */
  readonly checksOf: ReadonlyMap<string, readonly CheckNode[]>
}

export interface CheckNode {
  readonly question: Question
  readonly repeat?: Repeat
  /** Visible questions it compares, each with its reach. */
  readonly compares: readonly Reference[]
}

const silent = new Set<Question['type']>(['calculate', 'hidden', 'start', 'end', 'today', 'deviceid'])

/** True for what a person sees: not a calculation, setting, stamp or check. */
export function isVisible(question: Question): boolean {
  return !silent.has(question.type) && question.severity === undefined
}

/** @returns the outline of a questionnaire. */
export function outlineOf({ items }: Questionnaire): Outline {
  const all = nodesOf(items)
  const nodes = new Map(all.map((node) => [node.item.name, node]))
  const order = new Map(all.map(({ item }, index) => [item.name, index]))
  const repeats = all.flatMap(({ item }) => (item.kind === 'repeat' ? [item] : []))
  const household = all.filter(({ item, repeat }) => !repeat && (item.kind === 'repeat' || (item.kind === 'question' && isVisible(item))))
  const nameQuestion = new Map<string, Question>()
  for (const { item, repeat } of all) {
    if (repeat && item.kind === 'question' && item.type === 'text' && isVisible(item) && !nameQuestion.has(repeat.name)) {
      nameQuestion.set(repeat.name, item)
    }
  }
  const concepts = new Map<string, string[]>()
  for (const { item } of all) {
    const concept = item.kind === 'question' ? item.concept?.split('/')[0] : undefined
    if (concept !== undefined) concepts.set(concept, [...(concepts.get(concept) ?? []), item.name])
  }
  return { nodes, order, household, repeats, nameQuestion, concepts, checksOf: checksByQuestion(all, nodes) }
}

function checksByQuestion(all: readonly Node[], nodes: ReadonlyMap<string, Node>): ReadonlyMap<string, readonly CheckNode[]> {
  const found = new Map<string, CheckNode[]>()
  for (const { item, repeat } of all) {
    if (item.kind !== 'question' || item.severity === undefined || item.relevant === undefined) continue
    const compares = visibleReferences(referencesOf(item.relevant), nodes)
    const check: CheckNode = { question: item, compares, ...(repeat && { repeat }) }
    for (const name of new Set(compares.map((each) => each.name))) found.set(name, [...(found.get(name) ?? []), check])
  }
  return found
}

// A check on ${age} is a check on the questions from which the age is calculated.
function visibleReferences(start: readonly Reference[], nodes: ReadonlyMap<string, Node>): readonly Reference[] {
  const found = new Map<string, Reference>()
  const seen = new Set<string>()
  const waiting = [...start]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = `${next.name} ${next.reach}`
    if (seen.has(key)) continue
    seen.add(key)
    const { name, reach } = next
    const item = nodes.get(name)?.item
    if (item?.kind !== 'question') continue
    if (isVisible(item)) found.set(key, next)
    else if (item.calculation !== undefined) {
      for (const each of referencesOf(item.calculation)) waiting.push(reach === 'every' ? { name: each.name, reach } : each)
    }
  }
  return [...found.values()]
}
