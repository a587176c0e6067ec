import { holds } from '../language/evaluate.ts'
import type { Choice, Question } from '../questionnaire.ts'
import type { Answer } from './answers.ts'
import type { Problem, ProblemKind } from './form.ts'
import type { Planned } from './plan.ts'
import { isMissingCode, type Reading, type Where } from './reading.ts'

/** Every problem of one relevant question at its place. */
export function checkAnswer(reading: Reading, node: Planned, where: Where): readonly Problem[] {
  const { item } = node
  if (item.kind !== 'question') return []
  const place = placeOf(node, where)
  const problem = (kind: ProblemKind, severity: Problem['severity'] = 'blocking'): Problem => ({ kind, severity, place })
  if (item.type === 'note') return item.severity === undefined ? [] : [problem('check', item.severity)]
  const answer = reading.stored(node, where)
  if (answer === undefined) return isMissed(reading, item, node, where) ? [problem('required')] : []
  if (isMissingCode(item, answer)) return []
  if (!isOfType(item, answer)) return [problem('type')]
  const problems: Problem[] = []
  if (item.list !== undefined && !areOffered(reading, item, node, where, answer)) problems.push(problem('choice'))
  if (isMixedWithExclusive(reading, item, answer)) problems.push(problem('exclusive'))
  if (!isInRange(item, answer) || (item.constraint !== undefined && !holds(item.constraint, reading.scopeOf(node, where)))) {
    problems.push(problem('constraint', item.severity))
  }
  return problems
}

export function placeOf({ item, repeat }: Planned, where: Where): Problem['place'] {
  return repeat === undefined || where === undefined ? { name: item.name } : { name: item.name, repeat, row: where.row._id }
}

function isMissed(reading: Reading, item: Question, node: Planned, where: Where): boolean {
  if (item.required === undefined || item.calculation !== undefined) return false
  if (item.sensitivity === 'direct identifier' && reading.context.withoutIdentifiers === true) return false
  return holds(item.required, reading.scope(node.repeat === undefined ? undefined : where))
}

const patterns: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  time: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/,
  datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/,
  // Latitude, longitude, altitude and accuracy in metres.
  geopoint: /^-?\d{1,2}(\.\d+)? -?\d{1,3}(\.\d+)?( -?\d+(\.\d+)?){0,2}$/,
}

/** Whether a stored answer has the shape of its question type; which codes and numbers are allowed is not asked here. */
export function isOfType({ type, calculation }: Question, answer: Answer): boolean {
  if (type === 'select_multiple' || type === 'rank') {
    return Array.isArray(answer) && answer.every((code) => typeof code === 'string') && new Set(answer).size === answer.length
  }
  if (type === 'integer') return Number.isSafeInteger(answer)
  if (type === 'decimal' || type === 'range') return typeof answer === 'number' && Number.isFinite(answer)
  if (type === 'calculate' || type === 'hidden' || calculation !== undefined) return typeof answer !== 'object'
  if (typeof answer !== 'string') return false
  if (type === 'date' && answer !== isoDay(answer)) return false
  return patterns[type]?.test(answer) ?? true
}

// 30 February becomes 2 March: then the day is not one of the calendar.
function isoDay(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10)
}

/** Whether a number lies on the scale of a `range` question; true for every other question. */
export function isInRange({ type, parameters }: Question, answer: Answer): boolean {
  if (type !== 'range' || typeof answer !== 'number') return true
  return answer >= Number(parameters?.['start'] ?? 1) && answer <= Number(parameters?.['end'] ?? 10)
}

function areOffered(reading: Reading, item: Question, node: Planned, where: Where, answer: Answer): boolean {
  const { appearance, choiceFilter, list = '' } = item
  // The area register is not part of the questionnaire: without it at hand, any code of the right form may be one of its areas.
  const register = appearance?.includes('area-register') === true && reading.context.lists?.[list] === undefined
  if (register && typeof answer === 'string' && /^\w{2,20}$/.test(answer)) return true
  const codes =
    choiceFilter === undefined ? reading.plan.codes.get(list) : new Set(choicesFor(reading, node, where).map(({ name }) => name))
  return Array.isArray(answer) ? answer.every((code) => codes?.has(code)) : codes?.has(String(answer)) === true
}

function isMixedWithExclusive({ questionnaire }: Reading, { list }: Question, answer: Answer): boolean {
  if (!Array.isArray(answer) || answer.length < 2 || list === undefined) return false
  return questionnaire.lists[list]?.exclusive?.some((code) => answer.includes(code)) === true
}

/** The choices a question offers now. */
export function choicesFor(reading: Reading, node: Planned, where: Where): readonly Choice[] {
  const { item } = node
  if (item.kind !== 'question' || item.list === undefined) return []
  const choices = reading.choices(item.list)
  const { choiceFilter } = item
  if (choiceFilter === undefined) return choices
  const scope = reading.scopeOf(node, where)
  const { defaultLanguage } = reading.questionnaire
  return choices.filter(({ name, label, columns }) =>
    holds(choiceFilter, scope, (column) =>
      column === 'name' ? name : (columns?.[column] ?? (column === 'label' ? (label[defaultLanguage] ?? '') : '')),
    ),
  )
}
