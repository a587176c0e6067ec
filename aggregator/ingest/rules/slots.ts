import type { Answer } from '../../../schemas/interview/answers.ts'
import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { isMissingCode } from '../../../schemas/interview/reading.ts'
import type { CodeKind } from '../../../schemas/language/to-javascript.ts'
import type { Question, Questionnaire } from '../../../schemas/questionnaire.ts'

/** One question with its answers: one per member, or one (at 0) at household level. Filled anew for every household. */
export interface Slot {
  readonly question: Question
  readonly level: Level
  readonly index: number
  readonly kind: Exclude<CodeKind, 'list' | 'condition'>
  /** As stored or calculated; undefined when unanswered. */
  readonly raw: (Answer | undefined)[]
  /** As expressions see it, of the slot's kind: a missing code is empty. */
  readonly seen: (Answer | undefined)[]
  /** Answers that were found to be in order, with what expressions see: few are given again and again. Never somebody's words. */
  readonly admitted: Map<Answer, Answer>
}

/** The household, or one repeat with its members. */
export interface Level {
  /** undefined: the household. */
  readonly repeat: string | undefined
  readonly slots: readonly Slot[]
  readonly byName: ReadonlyMap<string, Slot>
  /** Row ids of the members. */
  ids: string[]
  /** What was given, by place: of 170 questions a member answers 40, and only those need writing and wiping. */
  readonly given: Given[]
  /** Slots that are filled by calculation, at every place. */
  readonly calculated: readonly Slot[]
  /** Places that may hold something. */
  used: number
}

/** The slots of one place that were given an answer; those behind `count` are of an earlier household. */
export interface Given {
  readonly slots: Slot[]
  count: number
}

/** The household first, then each repeat. */
export function levelsOf(questionnaire: Questionnaire): readonly Level[] {
  const nodes = nodesOf(questionnaire.items)
  const repeats = nodes.flatMap(({ item }) => (item.kind === 'repeat' ? [item.name] : []))
  let index = 0
  return [undefined, ...repeats].map((repeat) => {
    const slots: Slot[] = []
    const calculated: Slot[] = []
    const level: Level = { repeat, slots, byName: new Map(), ids: [], given: [], calculated, used: 0 }
    for (const { item, repeat: within } of nodes) {
      if (item.kind !== 'question' || item.type === 'note' || within?.name !== repeat) continue
      const slot: Slot = { question: item, level, index: index++, kind: kindOf(item), raw: [], seen: [], admitted: new Map() }
      slots.push(slot)
      if (item.calculation !== undefined) calculated.push(slot)
      ;(level.byName as Map<string, Slot>).set(item.name, slot)
    }
    return level
  })
}

export const emptyOf = (kind: Slot['kind']): Answer => (kind === 'number' ? Number.NaN : kind === 'codes' ? noCodes : '')
const noCodes: readonly string[] = Object.freeze([])

/** Forgets the household before, and makes room for one with so many members. */
export function clear(level: Level, places: number): void {
  for (let place = 0; place < places; place++) clearPlace(level, place)
  emptyFrom(level, places)
}

/** Makes room for one member. */
export function clearPlace(level: Level, place: number): void {
  const given = level.given[place]
  if (given === undefined) {
    level.given[place] = { slots: [], count: 0 }
    for (const slot of level.slots) empty(slot, place)
  } else {
    for (let at = 0; at < given.count; at++) empty(given.slots[at] as Slot, place)
    given.count = 0
    for (const slot of level.calculated) empty(slot, place)
  }
  if (place >= level.used) level.used = place + 1
}

function empty({ raw, seen, kind }: Slot, place: number): void {
  raw[place] = undefined
  seen[place] = emptyOf(kind)
}

/** What is left of a larger household must not stay in memory. */
export function emptyFrom(level: Level, places: number): void {
  for (let place = places; place < level.used; place++) clearPlace(level, place)
  level.used = places
}

/** Puts an answer of the interview in. */
export function give(slot: Slot, place: number, answer: Answer, seen: Answer | undefined): void {
  const given = slot.level.given[place] as Given
  given.slots[given.count++] = slot
  slot.raw[place] = answer
  slot.seen[place] = seen
}

/** As expressions see it. */
export const seenOf = ({ question, kind }: Slot, answer: Answer | undefined): Answer =>
  answer === undefined || (question.missing !== undefined && isMissingCode(question, answer)) ? emptyOf(kind) : answer

/** Puts the result of a calculation in. */
export function put(slot: Slot, place: number, answer: Answer | undefined): void {
  slot.raw[place] = answer
  slot.seen[place] = seenOf(slot, answer)
}

const mostAdmitted = 5_000
const ofFewAnswers = new Set<Question['type']>(['select_one', 'integer', 'decimal', 'range', 'date'])

/** Remembers that the answer just put is in order, where a question has few. */
export function admit({ question, seen, admitted }: Slot, place: number, answer: Answer): void {
  const given = seen[place]
  if (given === undefined || !ofFewAnswers.has(question.type) || question.sensitivity === 'direct identifier') return
  if (admitted.size >= mostAdmitted) admitted.clear()
  admitted.set(answer, given)
}

// As `isOfType` admits stored answers, and as `toAnswer` makes calculated ones.
function kindOf({ type, valueType, calculation }: Question): Slot['kind'] {
  if (type === 'select_multiple' || type === 'rank') return 'codes'
  if (type === 'integer' || type === 'decimal' || type === 'range') return 'number'
  if (calculation === undefined) return type === 'hidden' || type === 'calculate' ? 'single' : 'text'
  if (valueType === 'integer' || valueType === 'decimal') return 'number'
  return valueType === undefined && (type === 'calculate' || type === 'hidden') ? 'single' : 'text'
}
