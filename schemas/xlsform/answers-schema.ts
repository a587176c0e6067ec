import type { Expression } from '../language/expression.ts'
import type { Question, Questionnaire } from '../questionnaire.ts'
import { repeatsOf, storedQuestions } from './stored-questions.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

const largestRoster = 500
const longestText = 4000
// Above this a list is looked up in a set by the keyword `codelist`, not compared code by code.
const longestEnum = 40

/**
 * JSON Schema 2020-12 of the answers as they arrive at the server: types, codes, ranges and sizes, without direct identifiers.
 * Not the whole validation: skip logic and checks between answers are the engine's.
 */
export function answersSchema(questionnaire: Questionnaire): JsonSchema {
  const stored = storedQuestions(questionnaire)
  const propertiesIn = (repeat: string | undefined): Record<string, JsonSchema> =>
    Object.fromEntries(
      stored.filter((each) => each.repeat === repeat).map(({ question }) => [question.name, schemaOf(question, questionnaire)]),
    )
  const rosters = repeatsOf(questionnaire).map((repeat) => [repeat, rosterSchema(propertiesIn(repeat))] as const)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:tala:answers:${questionnaire.id}:${questionnaire.version}`,
    title: `Answers to ${questionnaire.id} ${questionnaire.version}`,
    type: 'object',
    additionalProperties: false,
    properties: { ...propertiesIn(undefined), ...Object.fromEntries(rosters) },
  }
}

function rosterSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return {
    type: 'array',
    minItems: 1,
    maxItems: largestRoster,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['_id'],
      properties: { _id: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' }, ...properties },
    },
  }
}

function schemaOf(question: Question, questionnaire: Questionnaire): JsonSchema {
  const schema = plainSchema(question, questionnaire)
  const { missing } = question
  if (missing === undefined) return schema
  const codes = missing.map((code) => ({ const: schema['type'] === 'string' ? code : -Number(code) }))
  return { anyOf: [schema, ...codes] }
}

function plainSchema(question: Question, questionnaire: Questionnaire): JsonSchema {
  switch (question.type) {
    case 'integer':
      return { type: 'integer', ...rangeOf(question) }
    case 'decimal':
      return { type: 'number', ...rangeOf(question) }
    case 'range':
      return { type: 'number', minimum: Number(question.parameters?.['start'] ?? 1), maximum: Number(question.parameters?.['end'] ?? 10) }
    case 'select_one':
      return codeSchema(question, questionnaire)
    case 'select_multiple':
    case 'rank':
      return { type: 'array', minItems: 1, uniqueItems: true, items: codeSchema(question, questionnaire) }
    case 'date':
    case 'today':
      return { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }
    case 'calculate':
    case 'hidden':
      return calculatedSchema(question)
    default:
      return { type: 'string', maxLength: longestText }
  }
}

function calculatedSchema({ valueType }: Question): JsonSchema {
  if (valueType === 'integer') return { type: 'integer' }
  if (valueType === 'decimal') return { type: 'number' }
  if (valueType === 'date') return { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }
  return valueType === undefined ? { type: ['string', 'number'], maxLength: longestText } : { type: 'string', maxLength: longestText }
}

function codeSchema({ list, appearance }: Question, questionnaire: Questionnaire): JsonSchema {
  // The areas of a round are not part of the questionnaire; ingest compares with the register.
  if (appearance?.includes('area-register') === true) return { type: 'string', pattern: '^\\w{2,20}$' }
  const codes = (list === undefined ? undefined : questionnaire.lists[list])?.choices.map(({ name }) => name) ?? []
  return codes.length > longestEnum ? { type: 'string', codelist: list } : { type: 'string', enum: codes }
}

/** Limits that a constraint sets by numbers alone, such as `. >= 0 and . <= 115`; a mere warning limits nothing. */
function rangeOf({ constraint, severity }: Question): JsonSchema {
  if (constraint === undefined || (severity !== undefined && severity !== 'blocking')) return {}
  return Object.assign({}, ...conjunctsOf(constraint).map(limitOf))
}

function conjunctsOf(expression: Expression): readonly Expression[] {
  if (Array.isArray(expression) && expression[0] === 'op' && expression[1] === 'and') {
    return [...conjunctsOf(expression[2] as Expression), ...conjunctsOf(expression[3] as Expression)]
  }
  return [expression]
}

const keywords: Readonly<Record<string, string>> = { '>=': 'minimum', '<=': 'maximum', '>': 'exclusiveMinimum', '<': 'exclusiveMaximum' }

function limitOf(expression: Expression): JsonSchema {
  if (typeof expression === 'number' || expression[0] !== 'op') return {}
  const [, operator, left, right] = expression
  const keyword = keywords[operator]
  const limit =
    typeof right === 'number' ? right : Array.isArray(right) && right[0] === 'neg' && typeof right[1] === 'number' ? -right[1] : undefined
  const ofSelf = Array.isArray(left) && left[0] === 'self'
  return keyword === undefined || limit === undefined || !ofSelf ? {} : { [keyword]: limit }
}
