import { evaluate, holds } from '../language/evaluate.ts'
import type { Expression } from '../language/expression.ts'
import type { Scope } from '../language/scope.ts'
import type { Single, Value } from '../language/value.ts'
import type { Choice, Question, Questionnaire } from '../questionnaire.ts'
import type { Answer, Answers, Row } from './answers.ts'
import type { Asked, FormContext } from './form.ts'
import type { Plan, Planned } from './plan.ts'

const yes = 1
const no = 2

/** What has been found out about the household or one member; shared by the readings in which it is the same. */
interface Findings {
  /** Relevance by node number: 0 not looked at. */
  readonly relevance: Uint8Array
  asked?: readonly Asked[]
}

/** One row of a repeat at its place in a reading. */
export interface Member {
  readonly repeat: string
  row: Row
  /** From 1. */
  readonly position: number
  findings: Findings
  scope?: Scope
}

/** Where a node is looked at: one member, or the household. */
export type Where = Member | undefined

/**
 * One state of the answers, as expressions see it: answers to questions that are not relevant, and missing codes of numbers,
 * dates and texts, are empty. Looks only when asked, and remembers.
 */
export class Reading {
  household: Findings
  readonly members = new Map<string, readonly Member[]>()
  readonly #byId = new Map<string, ReadonlyMap<string, Member>>()
  #scope: Scope | undefined

  constructor(
    readonly plan: Plan,
    readonly questionnaire: Questionnaire,
    readonly context: FormContext,
    public answers: Answers,
    earlier?: Reading,
  ) {
    this.household = earlier?.household ?? { relevance: new Uint8Array(plan.nodes.length) }
    for (const repeat of plan.repeats) this.members.set(repeat, this.#membersFrom(repeat, earlier))
  }

  #membersFrom(repeat: string, earlier: Reading | undefined): readonly Member[] {
    const known = new Map(earlier?.members.get(repeat)?.map((member) => [member.row._id, member.findings]))
    return rowsIn(this.answers, repeat).map((row, index) => ({
      repeat,
      row,
      position: index + 1,
      findings: known.get(row._id) ?? { relevance: new Uint8Array(this.plan.nodes.length) },
    }))
  }

  /** One row of a repeat by its id; the first of them when the id is there twice. */
  member(repeat: string, id: string | undefined): Member | undefined {
    if (id === undefined) return undefined
    const known = this.#byId.get(repeat) ?? firstById(this.members.get(repeat) ?? [])
    this.#byId.set(repeat, known)
    return known.get(id)
  }

  /** Every place where a node stands: the household, or each member of its repeat. */
  places(node: Planned): readonly Where[] {
    return node.repeat === undefined ? [undefined] : (this.members.get(node.repeat) ?? [])
  }

  findings(where: Where): Findings {
    return where === undefined ? this.household : where.findings
  }

  /** Forgets the relevance of nodes at a place; the findings of other readings stay as they are. */
  forget(nodes: readonly Planned[], where: Where): void {
    if (nodes.length === 0) return
    const relevance = this.findings(where).relevance.slice()
    for (const { index } of nodes) relevance[index] = 0
    if (where === undefined) this.household = { relevance }
    else where.findings = { relevance }
  }

  isRelevant(node: Planned, where: Where): boolean {
    const place = node.repeat === undefined ? undefined : where
    const { relevance } = this.findings(place)
    if (relevance[node.index] !== 0) return relevance[node.index] === yes
    // Marked first, so that a circle in a form that was never checked ends here.
    relevance[node.index] = no
    const within = node.parent === undefined || this.isRelevant(node.parent, where)
    const relevant = within && (node.item.relevant === undefined || holds(node.item.relevant, this.scope(place)))
    relevance[node.index] = relevant ? yes : no
    return relevant
  }

  /** The stored answer, relevant or not. */
  stored(node: Planned, where: Where): Answer | undefined {
    const holder: Answers | Row | undefined = node.repeat === undefined ? this.answers : where?.row
    return holder?.[node.item.name] as Answer | undefined
  }

  /** The answer as expressions see it. */
  value(node: Planned, where: Where): Single {
    const stored = this.stored(node, where)
    return stored === undefined || !this.isRelevant(node, where) ? '' : seen(node, stored)
  }

  /** What the household, or one member, sees. */
  scope(where: Where): Scope {
    if (where === undefined) return (this.#scope ??= this.#scopeAt(undefined))
    return (where.scope ??= this.#scopeAt(where))
  }

  /** As `scope`, where `.` is the answer of the question itself. */
  scopeOf(node: Planned, where: Where): Scope {
    const stored = this.stored(node, where)
    return { ...this.scope(node.repeat === undefined ? undefined : where), self: () => (stored === undefined ? '' : seen(node, stored)) }
  }

  choices(list: string): readonly Choice[] {
    return this.questionnaire.lists[list]?.choices ?? []
  }

  evaluate(expression: Expression, node: Planned, where: Where): Value {
    return evaluate(expression, this.scopeOf(node, where))
  }

  #scopeAt(where: Where): Scope {
    return {
      today: this.context.today,
      now: this.context.now,
      value: (name) => this.#named(name, where),
      self: () => '',
      members: (repeat) => this.#relevantMembers(repeat).map((member) => this.scope(member)),
      position: () => where?.position ?? 0,
      choiceName: (question, code) => this.choiceName(question, code, this.questionnaire.defaultLanguage),
      list: (name) => this.choices(name),
      random: this.context.random ?? Math.random,
    }
  }

  /** The label of a code in a question's list; the code itself when it has none. */
  choiceName(question: string, code: string, language: string): string {
    const item = this.plan.byName.get(question)?.item
    const choices = item?.kind === 'question' && item.list !== undefined ? this.choices(item.list) : []
    const label = choices.find(({ name }) => name === code)?.label
    return label?.[language] ?? label?.[this.questionnaire.defaultLanguage] ?? code
  }

  #named(name: string, where: Where): Value {
    const node = this.plan.byName.get(name)
    if (node === undefined) return ''
    if (node.item.kind === 'repeat') return { items: this.#relevantMembers(name).map(() => true) }
    if (node.repeat === undefined || node.repeat === where?.repeat) return this.value(node, where)
    return { items: this.#relevantMembers(node.repeat).map((member) => this.value(node, member)) }
  }

  #relevantMembers(repeat: string): readonly Member[] {
    const node = this.plan.byName.get(repeat)
    return node !== undefined && this.isRelevant(node, undefined) ? (this.members.get(repeat) ?? []) : []
  }
}

function firstById(members: readonly Member[]): ReadonlyMap<string, Member> {
  const known = new Map<string, Member>()
  for (const member of members) if (!known.has(member.row._id)) known.set(member.row._id, member)
  return known
}

function seen({ item }: Planned, stored: Answer): Single {
  return item.kind === 'question' && isMissingCode(item, stored) ? '' : stored
}

/** Rows of a repeat; none when the answers hold something else there. */
export function rowsIn(answers: Answers, repeat: string): readonly Row[] {
  const rows = answers[repeat]
  return Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null) ? (rows as readonly Row[]) : []
}

const numeric = new Set<Question['type']>(['integer', 'decimal', 'range'])

/** Whether an answer is the "don't know" or "prefer not to say" beside a number (-98, -99), date or text ('98', '99'). */
export function isMissingCode({ type, missing }: Question, answer: Answer): boolean {
  return missing !== undefined && missing.some((code) => answer === (numeric.has(type) ? -Number(code) : code))
}
