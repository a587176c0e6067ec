import { dependencies } from '../../../schemas/language/dependencies.ts'
import type { Expression } from '../../../schemas/language/expression.ts'
import {
  asCondition,
  asNumber,
  type Code,
  CodeError,
  type CodePlace,
  literal,
  toJavaScript,
} from '../../../schemas/language/to-javascript.ts'
import type { Problem, ProblemKind } from '../../../schemas/interview/form.ts'
import type { Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { type Placed, placedIn, stepsOf } from './rule-order.ts'
import type { Level, Slot } from './slots.ts'

/** V8 optimizes functions up to a size; this many nodes stay well below it. */
const nodesPerFunction = 30

/**
 * The rules of a questionnaire as the body of a function of `L`, `S`, `slots`, `levels` and `T`. What it returns is true when every
 * calculation is made and `T.found` was told of everything that is wrong, false when only the interpreter can say.
 *
 * Every stored answer counts as relevant while rules are worked out, because one that is not ends in false anyway.
 * @throws CodeError
 */
export function writeRules(questionnaire: Questionnaire, levels: readonly Level[]): string {
  const placed = placedIn(questionnaire)
  const writer = new Writer(placed, levels)
  for (const { repeat, nodes } of stepsOf(placed)) writer.add(repeat, nodes, (node) => writer.workOut(node))
  for (const { repeat } of levels)
    writer.add(
      repeat,
      placed.filter((node) => node.repeat === repeat),
      (node) => writer.check(node),
    )
  return writer.finish()
}

class Writer {
  readonly #levels: ReadonlyMap<string | undefined, { readonly at: number; readonly level: Level }>
  readonly #byName: ReadonlyMap<string, Placed>
  readonly #sections: ReadonlyMap<string, number>
  readonly #order: ReadonlyMap<Placed, number>
  readonly #functions: string[] = []
  readonly #run: string[] = []

  constructor(placed: readonly Placed[], levels: readonly Level[]) {
    this.#levels = new Map(levels.map((level, at) => [level.repeat, { at, level }]))
    this.#order = new Map(placed.map((each, at) => [each, at]))
    this.#byName = new Map(placed.map((each) => [each.item.name, each]))
    this.#sections = new Map(placed.filter(({ item }) => item.kind !== 'question').map(({ item }, at) => [item.name, at]))
  }

  /** Writes what is done with some nodes of one level, over all its members. */
  add(repeat: string | undefined, nodes: readonly Placed[], statement: (node: Placed) => string): void {
    const statements = nodes.map(statement).filter((each) => each !== '')
    for (let from = 0; from < statements.length; from += nodesPerFunction) {
      const name = `f${this.#functions.length}`
      this.#functions.push(`function ${name}(i) {\n${statements.slice(from, from + nodesPerFunction).join('\n')}\nreturn true\n}`)
      this.#run.push(
        repeat === undefined
          ? `if (!${name}(0)) return false`
          : `for (let i = 0; i < ${this.#count(repeat)}; i++) if (!${name}(i)) return false`,
      )
    }
  }

  finish(): string {
    const slots = [...this.#levels.values()].flatMap(({ level }) => level.slots)
    return [
      `'use strict'`,
      ...slots.map(({ index }) => `const R${index} = slots[${index}].raw, V${index} = slots[${index}].seen, Q${index} = slots[${index}]`),
      ...[...this.#sections.values()].map((at) => `const X${at} = []`),
      ...this.#functions,
      `return () => {\n${this.#run.join('\n')}\nreturn true\n}`,
    ].join('\n')
  }

  /** Whether a section is relevant; what a calculation gives. */
  workOut(node: Placed): string {
    const { item, repeat } = node
    if (item.kind !== 'question') return `X${this.#sections.get(item.name)}[i] = ${this.#relevant(node)}`
    const slot = this.#slot(item.name, repeat)
    const calculation = item.calculation as Expression
    if (dependencies(calculation).self) throw new CodeError('what was there before the calculation')
    const value = this.#code(calculation, node, nothing)
    const isRelevant = this.#relevant(node)
    return (
      plainResult(slot, value, isRelevant) ??
      `T.put(Q${slot.index}, i, ${isRelevant} ? T.toAnswer(Q${slot.index}.question, ${value.code}) : undefined)`
    )
  }

  /** Leaves with false where something is wrong. */
  check(node: Placed): string {
    const { item, repeat } = node
    if (item.kind === 'group') return ''
    if (item.kind === 'repeat') return this.#checkCount(node)
    if (item.type === 'note')
      return item.severity === undefined ? '' : `if (${this.#relevant(node)}) ${this.#found(node, 'check', item.severity)}`
    const slot = this.#slot(item.name, repeat)
    const isRelevant = this.#relevant(node)
    const wrong = this.#wrong(node, item, slot)
    const given = `if (R${slot.index}[i] !== undefined) {\n${isRelevant === 'true' ? '' : `if (!${isRelevant}) return false\n`}${wrong}}`
    if (item.calculation !== undefined) return wrong === '' ? '' : `if (R${slot.index}[i] !== undefined) {\n${wrong}}`
    if (item.required === undefined) return given
    const required = asCondition(this.#code(item.required, node, nothing))
    return `${given}\nelse if (${isRelevant} && ${required}) ${this.#found(node, 'required')}`
  }

  #wrong(node: Placed, item: Question, slot: Slot): string {
    const self = this.#self(slot)
    const raw = `R${slot.index}[i]`
    const conditions: string[] = []
    // What was stored is looked at while it is put in; what is calculated, here.
    if (item.calculation !== undefined && !isAcceptedAnyway(item)) conditions.push(`!T.accepts(Q${slot.index}, ${raw})`)
    if (item.choiceFilter !== undefined && item.list !== undefined) {
      const filter = asCondition(
        toJavaScript(item.choiceFilter, {
          ...this.#place(node, self),
          column: (name) => ({ kind: 'text', code: `T.column(c, ${literal(name)})` }),
        }),
      )
      const offers = asksOnlyColumns(item.choiceFilter) ? `offersAny(${slot.index}, ` : 'offers('
      conditions.push(`!T.${offers}S.list(${literal(item.list)}), ${raw}, (c) => ${filter})`)
    }
    const constraint =
      item.constraint === undefined
        ? ''
        : `if (!${asCondition(this.#code(item.constraint, node, self))}) ${this.#found(node, 'constraint', item.severity)}\n`
    const tests = `${conditions.length === 0 ? '' : `if (${conditions.join(' || ')}) return false\n`}${constraint}`
    if (tests === '') return ''
    return item.missing === undefined ? tests : `if (!T.isMissing(Q${slot.index}.question, ${raw})) {\n${tests}}\n`
  }

  #found(node: Placed, kind: ProblemKind, severity: Problem['severity'] = 'blocking'): string {
    return `T.found(${this.#order.get(node)}, i, '${kind}', '${severity}')`
  }

  #checkCount(node: Placed): string {
    const count = this.#count(node.item.name)
    const relevant = this.#relevant(node)
    const given = `if (${count} > 0 && !${relevant}) return false`
    if (node.item.kind !== 'repeat' || node.item.count === undefined) return given
    const expected = asNumber(this.#code(node.item.count, node, nothing))
    return `${given}\nif (${relevant} && L.rowCount(${expected}) !== ${count}) ${this.#found(node, 'required')}`
  }

  /** Code of whether a node is relevant where it stands. */
  #relevant({ item, repeat, section }: Placed): string {
    const at = section === undefined ? undefined : this.#sections.get(section)
    const holder = section === undefined ? undefined : this.#byName.get(section)
    const within = at === undefined ? 'true' : `X${at}[${holder?.repeat === repeat ? 'i' : '0'}]`
    if (item.relevant === undefined) return within
    const own = asCondition(this.#code(item.relevant, { item, repeat, section }, nothing))
    return within === 'true' ? own : `(${within} && ${own})`
  }

  #code(expression: Expression, node: Placed, self: Code): Code {
    return toJavaScript(expression, this.#place(node, self))
  }

  #place({ repeat }: Placed, self: Code): CodePlace {
    return {
      self,
      position: repeat === undefined ? '0' : '(i + 1)',
      value: (name) => this.#answer(name, repeat, 'i'),
      members: (wanted) => ({
        count: this.#levels.has(wanted) && wanted !== undefined ? this.#count(wanted) : '0',
        answer: (name, index) => this.#answer(name, wanted, index),
      }),
    }
  }

  /** The answer to a question as seen from the household or from the member at `index` of a repeat. */
  #answer(name: string, from: string | undefined, index: string): Code {
    const node = this.#byName.get(name)
    if (node === undefined) return nothing
    if (node.item.kind === 'repeat') return { kind: 'list', code: `L.pick(${this.#count(name)}, L.always, L.always)` }
    const slot = this.#levels.get(node.repeat)?.level.byName.get(name)
    if (slot === undefined) return nothing
    if (node.repeat === undefined) return { kind: slot.kind, code: `V${slot.index}[0]` }
    if (node.repeat === from) return { kind: slot.kind, code: `V${slot.index}[${index}]` }
    return { kind: 'list', code: `({ items: V${slot.index}.slice(0, ${this.#count(node.repeat)}) })` }
  }

  #slot(name: string, repeat: string | undefined): Slot {
    const slot = this.#levels.get(repeat)?.level.byName.get(name)
    if (slot === undefined) throw new TypeError(`${name} has no slot`)
    return slot
  }

  #self({ index, kind }: Slot): Code {
    return { kind, code: `V${index}[i]` }
  }

  readonly #count = (repeat: string): string => `levels[${this.#levels.get(repeat)?.at ?? 0}].ids.length`
}

const nothing: Code = { kind: 'text', code: "''" }

/** `T.put` of `T.toAnswer`, where kinds known beforehand leave nothing to look at; undefined for the rest. */
function plainResult({ index, kind, question }: Slot, value: Code, isRelevant: string): string | undefined {
  const { type, valueType, missing } = question
  const stored = valueType ?? (type === 'range' ? 'decimal' : type)
  if (missing !== undefined || type === 'select_multiple' || type === 'rank') return undefined
  const [raw, seen] = [`R${index}[i]`, `V${index}[i]`]
  if (kind === 'number' && (stored === 'integer' || stored === 'decimal') && (value.kind === 'number' || value.kind === 'condition')) {
    const given = stored === 'integer' ? 'Math.trunc(n)' : 'n'
    const number = `const n = ${isRelevant} ? ${asNumber(value)} : NaN`
    return `{ ${number}; if (n - n === 0) ${raw} = ${seen} = ${given}; else { ${raw} = undefined; ${seen} = NaN } }`
  }
  if (kind === 'text' && stored !== 'date' && value.kind === 'text')
    return `{ const t = ${isRelevant} ? ${value.code} : ''; ${raw} = t === '' ? undefined : t; ${seen} = t }`
  if (kind !== 'single') return undefined
  if (value.kind === 'text') return `{ const t = ${isRelevant} ? ${value.code} : ''; ${raw} = t === '' ? undefined : t; ${seen} = t }`
  if (value.kind === 'number' || value.kind === 'condition')
    return `{ const n = ${isRelevant} ? ${asNumber(value)} : NaN; if (n === n) ${raw} = ${seen} = n; else { ${raw} = undefined; ${seen} = '' } }`
  return undefined
}

/** Calculated text and numbers have the type of their question by being made. */
const isAcceptedAnyway = ({ type, list, missing }: Question): boolean =>
  list === undefined && missing === undefined && !['select_multiple', 'rank', 'integer', 'decimal', 'range'].includes(type)

/** Whether a choice filter depends on nothing but the choice. */
function asksOnlyColumns(filter: Expression): boolean {
  if (typeof filter === 'number') return true
  switch (filter[0]) {
    case 'str':
    case 'col':
      return true
    case 'op':
      return asksOnlyColumns(filter[2]) && asksOnlyColumns(filter[3])
    default:
      return false
  }
}
