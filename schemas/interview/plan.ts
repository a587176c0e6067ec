import type { Group, Question, Questionnaire, Repeat } from '../questionnaire.ts'
import { nodesOf } from './nodes.ts'
import { calls, type Reference, referencesOf } from './references.ts'

/** A node of the form with its number in form order. */
export interface Planned {
  readonly index: number
  readonly item: Group | Repeat | Question
  /** Name of the repeat it stands in. */
  readonly repeat: string | undefined
  /** The innermost section it stands in. */
  readonly parent: Planned | undefined
  readonly groups: readonly (Group | Repeat)[]
}

/** What may change when the answer or the rows of a node change: in the same member, and in every member or the household. Calculations are apart: they stop the spread until their value is known. */
export interface Affected {
  readonly here: readonly Planned[]
  readonly every: readonly Planned[]
  readonly calculationsHere: readonly Planned[]
  readonly calculationsEvery: readonly Planned[]
}

/** Everything about a questionnaire that does not depend on answers, worked out once. */
export interface Plan {
  readonly nodes: readonly Planned[]
  readonly byName: ReadonlyMap<string, Planned>
  /** Names of all repeats. */
  readonly repeats: readonly string[]
  /** Nodes directly in a section, by its name; '' is the form itself. */
  readonly children: ReadonlyMap<string, readonly Planned[]>
  /** The codes of every choice list. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>
  /** Questions with a calculation, each after those it reads. */
  readonly calculations: readonly Planned[]
  affectedBy(node: Planned): Affected
}

interface Edge {
  readonly to: Planned
  readonly every: boolean
  /** From a section to what stands in it: matters when the section comes or goes, not when a repeat gets another row. */
  readonly contains?: true
}

const positional = new Set(['position', 'indexed-repeat'])

export function planOf(questionnaire: Questionnaire): Plan {
  const byName = new Map<string, Planned>()
  const nodes = nodesOf(questionnaire.items).map(({ item, repeat, groups }, index) => {
    const section = groups.at(-1)
    const planned: Planned = { index, item, repeat: repeat?.name, parent: section && byName.get(section.name), groups }
    byName.set(item.name, planned)
    return planned
  })
  const edges = edgesOf(nodes, byName)
  const known = new Map<Planned, Affected>()
  return {
    nodes,
    byName,
    repeats: nodes.flatMap(({ item }) => (item.kind === 'repeat' ? [item.name] : [])),
    children: childrenOf(nodes),
    codes: new Map(Object.entries(questionnaire.lists).map(([list, { choices }]) => [list, new Set(choices.map(({ name }) => name))])),
    calculations: inOrderOfReading(nodes, edges),
    affectedBy(node) {
      const affected = known.get(node) ?? spreadFrom(node, edges)
      known.set(node, affected)
      return affected
    },
  }
}

export const isCalculated = ({ item }: Planned): boolean => item.kind === 'question' && item.calculation !== undefined

function childrenOf(nodes: readonly Planned[]): ReadonlyMap<string, readonly Planned[]> {
  const children = new Map<string, Planned[]>()
  for (const node of nodes) {
    const name = node.parent?.item.name ?? ''
    const siblings = children.get(name)
    if (siblings === undefined) children.set(name, [node])
    else siblings.push(node)
  }
  return children
}

/** From each node to those whose relevance or calculation reads it. */
function edgesOf(nodes: readonly Planned[], byName: ReadonlyMap<string, Planned>): ReadonlyMap<Planned, readonly Edge[]> {
  const edges = new Map<Planned, Edge[]>(nodes.map((node) => [node, []]))
  const add = (from: Planned | undefined, to: Planned, every: boolean): void => {
    if (from !== undefined && from !== to) edges.get(from)?.push({ to, every })
  }
  for (const node of nodes) {
    if (node.parent !== undefined) edges.get(node.parent)?.push({ to: node, every: node.parent.repeat !== node.repeat, contains: true })
    for (const { name, reach } of readBy(node)) {
      const read = byName.get(name)
      const same = read !== undefined && read.repeat === node.repeat && reach === 'here'
      add(read, node, !same)
      // A member added or removed changes what is read of all members.
      if (!same && read?.repeat !== undefined) add(byName.get(read.repeat), node, true)
    }
  }
  return edges
}

function readBy({ item, repeat }: Planned): readonly Reference[] {
  const expressions = [item.relevant, item.kind === 'question' ? item.calculation : undefined].filter((each) => each !== undefined)
  const places: Reference[] =
    repeat !== undefined && expressions.some((each) => calls(each, positional)) ? [{ name: repeat, reach: 'every' }] : []
  return [...expressions.flatMap(referencesOf), ...places]
}

function spreadFrom(start: Planned, edges: ReadonlyMap<Planned, readonly Edge[]>): Affected {
  const here = new Set<Planned>()
  const every = new Set<Planned>()
  const queue: Edge[] = [{ to: start, every: start.item.kind === 'repeat' }]
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    if (every.has(step.to) || (!step.every && here.has(step.to))) continue
    ;(step.every ? every : here).add(step.to)
    if (step.to !== start && isCalculated(step.to)) continue
    for (const { to, every: wider, contains } of edges.get(step.to) ?? []) {
      if (contains && step.to === start) continue
      queue.push({ to, every: wider || (step.every && to.repeat === step.to.repeat) })
    }
  }
  here.delete(start)
  for (const node of every) here.delete(node)
  every.delete(start)
  const plain = (nodes: ReadonlySet<Planned>): Planned[] => [...nodes].filter((node) => !isCalculated(node))
  return {
    here: plain(here),
    every: plain(every),
    calculationsHere: [...here].filter(isCalculated),
    calculationsEvery: [...every].filter(isCalculated),
  }
}

function inOrderOfReading(nodes: readonly Planned[], edges: ReadonlyMap<Planned, readonly Edge[]>): readonly Planned[] {
  const order: Planned[] = []
  const seen = new Set<Planned>()
  // Backwards over "is read by": a node is placed in front of everything that reads it.
  const visit = (node: Planned): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const { to } of edges.get(node) ?? []) visit(to)
    order.unshift(node)
  }
  // @NOTE toReversed is missing in browsers before 2023.
  for (let index = nodes.length - 1; index >= 0; index -= 1) visit(nodes[index] as Planned)
  return order.filter(isCalculated)
}
