import type { Answer, Answers, Row } from '../../../schemas/interview/answers.ts'
import type { FormContext, Problem } from '../../../schemas/interview/form.ts'
import { isMissingCode } from '../../../schemas/interview/reading.ts'
import { toAnswer } from '../../../schemas/interview/revision.ts'
import { javascriptLibrary } from '../../../schemas/language/javascript-library.ts'
import { CodeError } from '../../../schemas/language/to-javascript.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { acceptorOf, choiceColumn, offers, offersByColumns } from './acceptors.ts'
import { createDay } from './day.ts'
import { answersReader } from './read-answers.ts'
import type { Identifiers } from './read-identity.ts'
import { admit, clear, give, type Level, levelsOf, put, seenOf, type Slot } from './slots.ts'
import { type Placed, placedIn } from './rule-order.ts'
import { writeRules } from './write-rules.ts'

/** The rules of one questionnaire version, compiled. Holds one household at a time. */
export interface Rules {
  /** The household first, then each repeat; filled by `settle`. */
  readonly levels: readonly Level[]
  /**
   * Takes an interview in, makes every calculation and checks every rule, as `calculate` and `validate` of a form of that context.
   * @returns the problems in the order of `validate`; null when only the form can say: an answer that is not of its kind, or that
   * stands where none may.
   */
  settle(answers: Answers, identity: Identifiers | null, context: FormContext): readonly Problem[] | null
  /** As the first half of `settle`, from the JSON of the answers that begins at `at`, with the lists of the round; returns as `ReadAnswers`. */
  read(json: Buffer, at: number, lists: FormContext['lists']): number
  /** As the second half of `settle`, for answers that `read` took in with the lists of this context. */
  settleRead(identity: Identifiers | null, context: FormContext): readonly Problem[] | null
  /** The answer to a question of the household as it was taken in; undefined for calculations and settings. */
  readonly given: (name: string) => Answer | undefined
  /** Members of a repeat with their answers to these questions as they were taken in. */
  readonly membersOf: (repeat: string, questions: readonly string[]) => readonly Row[]
  /** Members of the largest roster of the household at hand. */
  mostRows(): number
  /** Leaves nothing of the last household in memory. */
  forget(): void
}

/** Whether an answer is of the form the questionnaire's JSON Schema asks for. */
export type AnswerCheck = (name: string, repeat: string | undefined) => ((answer: unknown) => boolean) | undefined

/** @returns null for a questionnaire that only the interpreter can run. */
export function compileRules(questionnaire: Questionnaire, schemaCheck: AnswerCheck): Rules | null {
  const levels = levelsOf(questionnaire)
  const body = bodyOf(questionnaire, levels)
  if (body === null) return null
  const slots = levels.flatMap((level) => level.slots)
  const day = createDay(questionnaire, new Map(slots.map(({ question }) => [question.name, question])))
  const acceptors = slots.map(({ question }) => acceptorOf(question, questionnaire, day.codes))
  const accepts = (slot: Slot, answer: Answer): boolean => acceptors[slot.index]?.(answer) === true
  const found: Found[] = []
  const placed = placedIn(questionnaire)
  const tools = {
    found: (node: number, place: number, kind: Problem['kind'], severity: Problem['severity']) => {
      found.push({ node, place, kind, severity })
    },
    put,
    toAnswer,
    isMissing: isMissingCode,
    column: choiceColumn(questionnaire.defaultLanguage),
    accepts,
    offers,
    offersAny: offersByColumns(),
  }
  // oxlint-disable-next-line typescript/no-implied-eval -- made from the expressions of a published questionnaire, never from answers
  const make = new Function('L', 'S', 'slots', 'levels', 'T', body) as (...given: readonly unknown[]) => () => boolean
  const run = make(javascriptLibrary, day.scope, slots, levels, tools)
  const checks = slots.map((slot) => schemaCheck(slot.question.name, slot.level.repeat))
  const ofSettings = slots.filter(({ question }) => question.type === 'hidden')
  const [home] = levels
  const repeats = new Map(levels.flatMap((level) => (level.repeat === undefined ? [] : [[level.repeat, level] as const])))

  /** One answer of the interview; false when it may not stand there. */
  const take = (slot: Slot | undefined, place: number, answer: Answer): boolean => {
    if (slot === undefined) return false
    const seen = slot.admitted.get(answer)
    if (seen === undefined) return takeNew(slot, place, answer)
    give(slot, place, answer, seen)
    return true
  }
  const takeNew = (slot: Slot, place: number, answer: Answer): boolean => {
    if (isIdentifier(slot) || checks[slot.index]?.(answer) !== true) return false
    if (slot.question.calculation !== undefined) return true
    if (!accepts(slot, answer)) return false
    give(slot, place, answer, seenOf(slot, answer))
    admit(slot, place, answer)
    return true
  }
  const reader = answersReader(levels, take)
  const takeIdentifiers = (level: Level, place: number, given: Readonly<Record<string, Answer>>): boolean => {
    for (const name in given) {
      const slot = level.byName.get(name)
      const answer = given[name]
      if (slot === undefined || answer === undefined || !isIdentifier(slot)) return false
      if (slot.question.calculation !== undefined || !accepts(slot, answer)) return false
      give(slot, place, answer, seenOf(slot, answer))
    }
    return true
  }
  const takeRows = (level: Level, rows: readonly Row[]): boolean => {
    if (!Array.isArray(rows) || rows.length === 0 || rows.length > largestRoster) return false
    clear(level, rows.length)
    level.ids = []
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as Row | null
      if (row === null || typeof row !== 'object' || !isRowId(row._id) || level.ids.includes(row._id)) return false
      level.ids.push(row._id)
      for (const name in row) if (name !== '_id' && !take(level.byName.get(name), place, row[name] as Answer)) return false
    }
    return true
  }
  const takeAll = (answers: Answers): boolean => {
    if (home === undefined) return false
    clear(home, 1)
    for (const level of repeats.values()) {
      clear(level, 0)
      level.ids = []
    }
    for (const name in answers) {
      const level = repeats.get(name)
      const taken = level ? takeRows(level, answers[name] as readonly Row[]) : take(home.byName.get(name), 0, answers[name] as Answer)
      if (!taken) return false
    }
    return true
  }
  const takeIdentity = (identity: Identifiers): boolean => {
    if (home === undefined || !takeIdentifiers(home, 0, identity.answers)) return false
    for (const [repeat, level] of repeats) {
      const named = identity.rows.get(repeat)
      if (named === undefined) continue
      for (let place = 0; place < level.ids.length; place++) {
        const identifiers = named.get(level.ids[place] ?? '')
        if (identifiers !== undefined && !takeIdentifiers(level, place, identifiers)) return false
      }
    }
    return true
  }
  const setLists = (lists: FormContext['lists']): void => {
    if (!day.setLists(lists)) return
    // Another round may have other areas: what was in order there may not be here.
    for (const { admitted } of slots) admitted.clear()
    reader.forget()
  }
  const settleRead: Rules['settleRead'] = (identity, context) => {
    day.set(context)
    found.length = 0
    if (identity !== null && !takeIdentity(identity)) return null
    for (const slot of ofSettings) {
      const setting = context.settings?.[slot.question.name]
      if (setting === undefined) continue
      if (!accepts(slot, setting)) return null
      for (let place = 0; place < (slot.level.repeat === undefined ? 1 : slot.level.ids.length); place++)
        give(slot, place, setting, seenOf(slot, setting))
    }
    if (!run()) return null
    return found.length === 0 ? none : found.toSorted(inFormOrder).map((each) => problemOf(each, placed, levels))
  }
  return {
    levels,
    read(json, at, lists) {
      setLists(lists)
      return reader.read(json, at)
    },
    settle(answers, identity, context) {
      setLists(context.lists)
      return takeAll(answers) ? settleRead(identity, context) : null
    },
    settleRead,
    given(name) {
      const slot = home?.byName.get(name)
      return slot === undefined || slot.question.calculation !== undefined || slot.question.type === 'hidden' ? undefined : slot.raw[0]
    },
    membersOf(repeat, questions) {
      const level = repeats.get(repeat)
      if (level === undefined) return []
      return level.ids.map((_id, place) => {
        const row: { _id: string; [question: string]: Answer } = { _id }
        for (const name of questions) {
          const answer = level.byName.get(name)?.raw[place]
          if (answer !== undefined) row[name] = answer
        }
        return row
      })
    },
    mostRows: () => Math.max(0, ...levels.map(({ ids }) => ids.length)),
    forget() {
      for (const level of levels) {
        clear(level, 0)
        level.ids = []
      }
    },
  }
}

interface Found extends Pick<Problem, 'kind' | 'severity'> {
  readonly node: number
  readonly place: number
}
const none: readonly Problem[] = Object.freeze([])
const inFormOrder = (a: Found, b: Found) => a.node - b.node || a.place - b.place

function problemOf({ node, place, kind, severity }: Found, placed: readonly Placed[], levels: readonly Level[]): Problem {
  const { item, repeat } = placed[node] as Placed
  const row = levels.find((level) => level.repeat === repeat)?.ids[place]
  return { kind, severity, place: repeat === undefined || row === undefined ? { name: item.name } : { name: item.name, repeat, row } }
}

function bodyOf(questionnaire: Questionnaire, levels: readonly Level[]): string | null {
  try {
    return writeRules(questionnaire, levels)
  } catch (error) {
    if (error instanceof CodeError) return null
    throw error
  }
}

// As in schemas/xlsform/answers-schema.ts.
const largestRoster = 500
const isRowId = (id: unknown): id is string => typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id)
const isIdentifier = ({ question }: Slot) => question.sensitivity === 'direct identifier'
