import type { Question, Questionnaire } from '../questionnaire.ts'
import type { Answer, Answers, Place, Row } from './answers.ts'
import { checkAnswer, choicesFor, placeOf } from './check-answer.ts'
import type { Asked, Form, FormContext, Problem } from './form.ts'
import { textAt } from './form-text.ts'
import { type Planned, planOf } from './plan.ts'
import { Reading, rowsIn, type Where } from './reading.ts'
import { Revision } from './revision.ts'

const engine = 1
const hidden = new Set<Question['type']>(['calculate', 'hidden', 'start', 'end', 'today', 'deviceid'])
const noPlaces: readonly Place[] = []

/**
 * Puts a questionnaire to work. The form remembers what it found out about each state of the answers for as long as the caller keeps it.
 * @throws RangeError when the questionnaire was made for a newer engine than this one.
 */
export function createForm(given: Questionnaire, context: FormContext): Form {
  if (given.engine > engine) throw new RangeError(`the questionnaire needs engine ${given.engine}; this program has ${engine}`)
  const questionnaire = withListsOfTheRound(given, context)
  const plan = planOf(questionnaire)
  const readings = new WeakMap<Answers, Reading>()

  const readingOf = (answers: Answers): Reading => {
    const reading = readings.get(answers) ?? new Reading(plan, questionnaire, context, answers)
    readings.set(answers, reading)
    return reading
  }
  const keep = (reading: Reading): Answers => {
    readings.set(reading.answers, reading)
    return reading.answers
  }
  const nodeNamed = (name: string): Planned => {
    const node = plan.byName.get(name)
    if (node === undefined) throw new RangeError(`the form has no ${name}`)
    return node
  }
  const at = (reading: Reading, place: Place): readonly [Planned, Where] => {
    const node = nodeNamed(place.name)
    if (node.repeat === undefined) return [node, undefined]
    const member = reading.member(node.repeat, place.row)
    if (member === undefined) throw new RangeError(`${place.name} needs the row of a member of ${node.repeat}`)
    return [node, member]
  }

  const askedIn = (reading: Reading, where: Where, section: string, found: Asked[]): void => {
    for (const node of plan.children.get(section) ?? []) {
      const { item } = node
      if (item.kind === 'question') {
        if (isAsked(item) && reading.isRelevant(node, where))
          found.push({ question: item, place: placeOf(node, where), groups: node.groups })
      } else if (reading.isRelevant(node, where)) {
        if (item.kind === 'group') askedIn(reading, where, item.name, found)
        else for (const member of reading.members.get(item.name) ?? []) found.push(...askedOf(reading, member))
      }
    }
  }
  const askedOf = (reading: Reading, member: NonNullable<Where>): readonly Asked[] => {
    if (member.findings.asked === undefined) {
      const found: Asked[] = []
      askedIn(reading, member, member.repeat, found)
      member.findings.asked = found
    }
    return member.findings.asked
  }

  const form: Form = {
    questionnaire,
    start() {
      const revision = new Revision(readingOf({}))
      revision.fillIn(
        plan.nodes.filter(({ repeat }) => repeat === undefined),
        undefined,
      )
      return form.calculate(revision.answers)
    },
    answer(answers, place, value) {
      const reading = readingOf(answers)
      const [node, where] = at(reading, place)
      if (node.item.kind !== 'question') throw new RangeError(`${place.name} is not a question`)
      // What is computed is shown, never typed.
      if (node.item.calculation !== undefined) return answers
      const revision = new Revision(reading)
      if (!revision.set(node, where, meant(value))) return answers
      return keep(revision.settle())
    },
    addRow(answers, repeat, id) {
      const node = nodeNamed(repeat)
      const rows = rowsIn(answers, repeat)
      if (rows.some(({ _id }) => _id === id)) throw new RangeError(`${repeat} already has a row of this id`)
      const revision = new Revision(readingOf(answers), { ...answers, [repeat]: [...rows, { _id: id }] })
      revision.addedTo(node)
      return keep(revision.settle())
    },
    removeRow(answers, repeat, id) {
      const rows = rowsIn(answers, repeat)
      const left = rows.filter(({ _id }) => _id !== id)
      if (left.length === rows.length) return answers
      const { [repeat]: _, ...others } = answers
      const next: Answers = left.length === 0 ? others : { ...answers, [repeat]: left }
      const revision = new Revision(readingOf(answers), next)
      revision.changed(nodeNamed(repeat), undefined)
      return keep(revision.settle())
    },
    rowCount(answers, repeat) {
      const node = nodeNamed(repeat)
      if (node.item.kind !== 'repeat' || node.item.count === undefined) return undefined
      const count = Number(readingOf(answers).evaluate(node.item.count, node, undefined))
      return Number.isFinite(count) ? Math.max(0, Math.floor(count)) : 0
    },
    calculate: (answers) => keep(new Revision(new Reading(plan, questionnaire, context, answers)).recalculate()),
    isRelevant(answers, place) {
      const reading = readingOf(answers)
      return reading.isRelevant(...at(reading, place))
    },
    asked(answers, within) {
      const reading = readingOf(answers)
      if (within !== undefined) {
        const member = reading.member(within.repeat, within.row)
        return member !== undefined && reading.isRelevant(nodeNamed(within.repeat), undefined) ? askedOf(reading, member) : []
      }
      const found: Asked[] = []
      askedIn(reading, undefined, '', found)
      return found
    },
    choices(answers, place) {
      const reading = readingOf(answers)
      return choicesFor(reading, ...at(reading, place))
    },
    check(answers, place) {
      const reading = readingOf(answers)
      const [node, where] = at(reading, place)
      return reading.isRelevant(node, where) ? checkAnswer(reading, node, where) : []
    },
    validate: (answers) => validated(readingOf(answers), form),
    prune: (answers) => pruned(readingOf(answers)),
    text(answers, place, part, language) {
      const reading = readingOf(answers)
      return textAt(reading, ...at(reading, place), part, language)
    },
  }
  return form
}

function isAsked({ type, severity }: Question): boolean {
  return !hidden.has(type) && !(type === 'note' && severity !== undefined)
}

// A cleared field is no answer.
function meant(value: Answer | undefined): Answer | undefined {
  return value === '' || (Array.isArray(value) && value.length === 0) || (typeof value === 'number' && !Number.isFinite(value))
    ? undefined
    : value
}

function validated(reading: Reading, form: Form): readonly Problem[] {
  const problems: Problem[] = unknownNames(reading)
  for (const node of reading.plan.nodes) {
    for (const where of reading.places(node)) {
      if (reading.isRelevant(node, where)) problems.push(...checkAnswer(reading, node, where), ...wrongCount(reading, node, form))
      else if (isLeftOver(reading, node, where)) problems.push({ kind: 'not-relevant', severity: 'blocking', place: placeOf(node, where) })
    }
  }
  return problems
}

function wrongCount(reading: Reading, { item }: Planned, form: Form): readonly Problem[] {
  if (item.kind !== 'repeat') return []
  const expected = form.rowCount(reading.answers, item.name)
  const rows = rowsIn(reading.answers, item.name)
  if (reading.answers[item.name] !== undefined && (rows.length === 0 || new Set(rows.map(({ _id }) => _id)).size < rows.length)) {
    return [{ kind: 'type', severity: 'blocking', place: { name: item.name } }]
  }
  return expected === undefined || expected === rows.length ? [] : [{ kind: 'required', severity: 'blocking', place: { name: item.name } }]
}

function unknownNames({ plan, answers, members }: Reading): Problem[] {
  const unknown = (holder: Answers | Row, repeat: string | undefined): string[] =>
    Object.keys(holder).filter((name) => name !== '_id' && (plan.byName.get(name)?.repeat !== repeat || !plan.byName.has(name)))
  return [
    ...unknown(answers, undefined).map((name) => ({ name })),
    ...[...members].flatMap(([repeat, rows]) =>
      rows.flatMap(({ row }) => unknown(row, repeat).map((name) => ({ name, repeat, row: row._id }))),
    ),
  ].map((place) => ({ kind: 'unknown-name' as const, severity: 'blocking' as const, place }))
}

// The rows of a repeat that is not relevant are left over as a whole.
function isLeftOver(reading: Reading, node: Planned, where: Where): boolean {
  if (reading.stored(node, where) === undefined || reading.isRelevant(node, where)) return false
  const repeat = where === undefined ? undefined : reading.plan.byName.get(where.repeat)
  return repeat === undefined || reading.isRelevant(repeat, undefined)
}

function pruned(reading: Reading): { answers: Answers; pruned: readonly Place[] } {
  const revision = new Revision(reading)
  const places: Place[] = []
  for (const node of reading.plan.nodes) {
    if (node.item.kind === 'group') continue
    for (const where of reading.places(node)) {
      if (!isLeftOver(reading, node, where)) continue
      places.push(placeOf(node, where))
      revision.drop(node, where)
    }
  }
  return places.length === 0 ? { answers: reading.answers, pruned: noPlaces } : { answers: revision.answers, pruned: places }
}

function withListsOfTheRound(questionnaire: Questionnaire, { lists = {} }: FormContext): Questionnaire {
  const extended = Object.entries(questionnaire.lists).flatMap(([name, list]) => {
    const added = lists[name]
    return added ? [[name, { ...list, choices: [...added, ...list.choices] }] as const] : []
  })
  return extended.length === 0 ? questionnaire : { ...questionnaire, lists: { ...questionnaire.lists, ...Object.fromEntries(extended) } }
}
