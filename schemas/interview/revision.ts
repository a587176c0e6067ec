import { dayText } from '../language/dates.ts'
import { isEmpty, single, toNumber, toText, type Value } from '../language/value.ts'
import type { Question } from '../questionnaire.ts'
import type { Answer, Answers, Row } from './answers.ts'
import { isCalculated, type Planned } from './plan.ts'
import { type Member, Reading, type Where } from './reading.ts'

type Open = Record<string, Answer | readonly Row[] | undefined>

/** One change of the answers in the making: copies only what it writes, then brings every calculation up to date. */
export class Revision {
  readonly reading: Reading
  readonly #answers: Open
  readonly #owned = new Set<unknown>()
  readonly #pending = new Map<Planned, Set<Where>>()

  constructor(earlier: Reading, answers: Answers = earlier.answers) {
    this.#answers = { ...answers }
    this.reading = new Reading(earlier.plan, earlier.questionnaire, earlier.context, this.#answers, earlier)
  }

  get answers(): Answers {
    return this.#answers
  }

  /** The same place in this revision. */
  #here(where: Where): Where {
    return where === undefined ? undefined : this.reading.members.get(where.repeat)?.[where.position - 1]
  }

  /** Sets or clears an answer; false when it already was so. */
  set(node: Planned, where: Where, value: Answer | undefined): boolean {
    const here = this.#here(where)
    if (same(this.reading.stored(node, here), value)) return false
    this.#write(node, here, value)
    this.changed(node, here)
    return true
  }

  /** Removes what is stored at a place, and nothing else. */
  drop(node: Planned, where: Where): void {
    this.#write(node, this.#here(where), undefined)
  }

  /** What a node affects must be looked at again. */
  changed(node: Planned, where: Where): void {
    this.#spread(node, [where])
  }

  /** A row has come to a repeat: its defaults, its calculations, and whatever counts members. */
  addedTo(repeat: Planned): void {
    const member = this.reading.members.get(repeat.item.name)?.at(-1)
    const nodes = this.reading.plan.nodes.filter((node) => node.repeat === repeat.item.name)
    this.fillIn(nodes, member)
    this.changed(repeat, undefined)
    for (const node of nodes.filter(isCalculated)) this.#await(node, [member])
  }

  /** Writes settings, what the clock says, and defaults: plain ones first, because computed ones may read them. */
  fillIn(nodes: readonly Planned[], where: Where): void {
    for (const node of nodes) {
      const plain = node.item.kind === 'question' && node.item.calculation === undefined ? this.#given(node.item) : undefined
      if (plain !== undefined) this.#write(node, where, plain)
    }
    for (const node of nodes) {
      const { item } = node
      if (item.kind !== 'question' || typeof item.default !== 'object' || this.reading.stored(node, where) !== undefined) continue
      this.#write(node, where, toAnswer(item, this.reading.evaluate(item.default, node, where)))
    }
    for (const place of where === undefined ? [undefined] : [where]) this.reading.forget(this.reading.plan.nodes, place)
  }

  #given(item: Question): Answer | undefined {
    const { settings, now, today } = this.reading.context
    if (item.type === 'hidden' && settings?.[item.name] !== undefined) return settings[item.name]
    if (item.type === 'today') return today
    if (item.type === 'start') return now
    if (item.default === undefined || typeof item.default === 'object') return undefined
    return toAnswer(item, item.default)
  }

  /** Settings of the round and every calculation, from scratch. */
  recalculate(): Reading {
    const { plan, context } = this.reading
    for (const node of plan.nodes) {
      const setting = node.item.kind === 'question' && node.item.type === 'hidden' ? context.settings?.[node.item.name] : undefined
      if (setting !== undefined) for (const where of this.reading.places(node)) this.#write(node, where, setting)
    }
    for (const node of plan.calculations) for (const where of this.reading.places(node)) this.#compute(node, where)
    return this.reading
  }

  /** Computes the calculations that wait, each after those it reads; one whose value stays as it was wakes no others. */
  settle(): Reading {
    for (const node of this.reading.plan.calculations) {
      const waiting = this.#pending.get(node)
      if (waiting === undefined) continue
      for (const where of waiting) this.reading.forget([node], where)
      const changed = [...waiting].filter((where) => this.#compute(node, where))
      if (changed.length > 0) this.#spread(node, changed)
    }
    return this.reading
  }

  #compute(node: Planned, where: Where): boolean {
    const { item } = node
    if (item.kind !== 'question' || item.calculation === undefined) return false
    const value = this.reading.isRelevant(node, where) ? toAnswer(item, this.reading.evaluate(item.calculation, node, where)) : undefined
    if (same(this.reading.stored(node, where), value)) return false
    this.#write(node, where, value)
    return true
  }

  #spread(node: Planned, places: readonly Where[]): void {
    const { here, every, calculationsHere, calculationsEvery } = this.reading.plan.affectedBy(node)
    for (const where of places) this.reading.forget(here, where)
    for (const each of calculationsHere) this.#await(each, places)
    for (const [repeat, nodes] of byRepeat(every)) {
      for (const where of repeat === undefined ? [undefined] : (this.reading.members.get(repeat) ?? [])) this.reading.forget(nodes, where)
    }
    for (const each of calculationsEvery) this.#await(each, this.reading.places(each))
  }

  #await(node: Planned, places: readonly Where[]): void {
    const waiting = this.#pending.get(node) ?? new Set()
    for (const where of places) waiting.add(where)
    this.#pending.set(node, waiting)
  }

  #write(node: Planned, where: Where, value: Answer | undefined): void {
    if (node.repeat === undefined) put(this.#answers, node.item.name, value)
    else if (where !== undefined) put(this.#openRow(where), node.item.name, value)
  }

  #openRow(member: Member): Open {
    if (this.#owned.has(member.row)) return member.row
    const row: Row = { ...member.row }
    let rows = this.#answers[member.repeat] as Row[]
    if (!this.#owned.has(rows)) {
      rows = [...rows]
      this.#owned.add(rows)
      this.#answers[member.repeat] = rows
    }
    rows[member.position - 1] = row
    this.#owned.add(row)
    member.row = row
    return row
  }
}

function put(holder: Open, name: string, value: Answer | undefined): void {
  if (value === undefined) delete holder[name]
  else holder[name] = value
}

function byRepeat(nodes: readonly Planned[]): ReadonlyMap<string | undefined, readonly Planned[]> {
  const groups = new Map<string | undefined, Planned[]>()
  for (const node of nodes) groups.set(node.repeat, [...(groups.get(node.repeat) ?? []), node])
  return groups
}

function same(a: Answer | undefined, b: Answer | undefined): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((code, index) => code === b[index]))
}

/** A result as it is stored: of the type of its column; conditions are 1 and 0; empty is no answer. */
export function toAnswer({ type, valueType }: Question, value: Value): Answer | undefined {
  const one = single(value)
  if (isEmpty(one)) return undefined
  if (type === 'select_multiple' || type === 'rank') return toText(one).split(/\s+/)
  const kind = valueType ?? (type === 'range' ? 'decimal' : type)
  switch (kind) {
    case 'integer':
    case 'decimal': {
      const number = toNumber(one)
      if (!Number.isFinite(number)) return undefined
      return kind === 'integer' ? Math.trunc(number) : number
    }
    case 'date':
      return typeof one === 'number' ? dayText(one) || undefined : toText(one).slice(0, 10)
    case 'calculate':
    case 'hidden':
      return typeof one === 'boolean' ? Number(one) : typeof one === 'object' ? one.join(' ') : one
    default:
      return typeof one === 'boolean' ? String(Number(one)) : toText(one)
  }
}
