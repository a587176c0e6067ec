import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { type Reference, referencesOf } from '../../../schemas/interview/references.ts'
import { CodeError } from '../../../schemas/language/to-javascript.ts'
import type { Group, Question, Questionnaire, Repeat } from '../../../schemas/questionnaire.ts'

/** An item of the form with the sections it stands in. */
export interface Placed {
  readonly item: Group | Repeat | Question
  readonly repeat: string | undefined
  readonly section: string | undefined
}

/** What is worked out together, in this order, for the household or for one member after another. */
export interface Step {
  readonly repeat: string | undefined
  readonly nodes: readonly Placed[]
}

export function placedIn({ items }: Questionnaire): readonly Placed[] {
  return nodesOf(items).map(({ item, repeat, groups }) => ({ item, repeat: repeat?.name, section: groups.at(-1)?.name }))
}

const isCalculated = ({ item }: Placed) => item.kind === 'question' && item.calculation !== undefined

/**
 * The sections and calculations of a form, each after what it reads. Answers that were given need no order: they are all there.
 * @throws CodeError when something depends on itself: only the interpreter knows where such a circle ends.
 */
export function stepsOf(placed: readonly Placed[]): readonly Step[] {
  const byName = new Map(placed.map((each) => [each.item.name, each]))
  refuseCircles(placed, byName)
  const waiting = new Set(placed.filter((each) => each.item.kind !== 'question' || isCalculated(each)))
  const steps: Step[] = []
  const levels = [...new Set(placed.map(({ repeat }) => repeat))]
  while (waiting.size > 0) {
    const before = waiting.size
    for (const repeat of levels) {
      const nodes: Placed[] = []
      for (const node of placed) {
        if (node.repeat !== repeat || !waiting.has(node) || !isReady(node, byName, waiting, nodes)) continue
        waiting.delete(node)
        nodes.push(node)
      }
      if (nodes.length > 0) steps.push({ repeat, nodes })
    }
    if (waiting.size === before) throw new CodeError('a calculation waits for itself')
  }
  return steps
}

/** All it reads is there; what it reads of every member was worked out in an earlier step. */
function isReady(node: Placed, byName: ReadonlyMap<string, Placed>, waiting: ReadonlySet<Placed>, step: readonly Placed[]): boolean {
  return readBy(node).every(({ name, reach }) => {
    const read = byName.get(name)
    if (read === undefined || read === node) return true
    if (waiting.has(read)) return false
    return (read.repeat === node.repeat && reach === 'here') || !step.includes(read) || read.repeat === undefined
  })
}

function readBy({ item, section }: Placed): readonly Reference[] {
  const expressions = [item.relevant, item.kind === 'question' ? item.calculation : undefined].filter((each) => each !== undefined)
  return [...expressions.flatMap(referencesOf), ...(section === undefined ? [] : [{ name: section, reach: 'here' as const }])]
}

function refuseCircles(placed: readonly Placed[], byName: ReadonlyMap<string, Placed>): void {
  const done = new Set<Placed>()
  const open = new Set<Placed>()
  const visit = (node: Placed): void => {
    if (done.has(node)) return
    if (open.has(node)) throw new CodeError('a question depends on itself')
    open.add(node)
    for (const { name } of readBy(node)) {
      const read = byName.get(name)
      // A repeat that is named stands for its members, which a section of it may count.
      if (read !== undefined && read !== node) visit(read)
    }
    open.delete(node)
    done.add(node)
  }
  for (const node of placed) visit(node)
}
