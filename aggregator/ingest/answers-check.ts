import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { answersSchema, type JsonSchema } from '../../schemas/xlsform/answers-schema.ts'

/** A breach of the form that no engine should have to read: where and which rule, never a value. */
export interface Breach {
  readonly name: string
  readonly rule: string
}

/** The questionnaire's JSON Schema at work. */
export interface AnswersCheck {
  /** The first breach in shape or size; null when there is none. */
  readonly breach: (answers: unknown) => Breach | null
  /** The part of the schema for one question, undefined where it has none; for who goes through the answers anyway. */
  readonly answer: (name: string, repeat: string | undefined) => ((answer: unknown) => boolean) | undefined
}

// Which codes and numbers are allowed the engine says better: it knows the round's areas, and it names the rule to the enumerator.
const aboutValues = new Set(['enum', 'const', 'codelist', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'anyOf'])

/** Compiled once per questionnaire version, because one function over all versions is three times slower. */
export function answersCheck(questionnaire: Questionnaire): AnswersCheck {
  const schema = answersSchema(questionnaire) as ObjectSchema
  // Only a record with a breach needs all errors, and most questionnaires never meet one.
  let whole: ValidateFunction | null = null
  const parts = ajvFor(questionnaire, false)
  const compiled = new Map<string, ValidateFunction>()
  return {
    breach(answers) {
      whole ??= ajvFor(questionnaire, true).compile(schema)
      if (whole(answers)) return null
      const error = whole.errors?.find(({ keyword, schemaPath }) => !aboutValues.has(keyword) && !schemaPath.includes('/anyOf/'))
      return error ? { name: questionAt(error.instancePath, error.params), rule: error.keyword } : null
    },
    answer(name, repeat) {
      const holder = repeat === undefined ? schema : (schema.properties[repeat] as { items?: ObjectSchema } | undefined)?.items
      const part = holder && Object.hasOwn(holder.properties, name) ? holder.properties[name] : undefined
      if (part === undefined) return undefined
      // Most questions share a schema with others.
      const text = JSON.stringify(part)
      const known = compiled.get(text) ?? parts.compile(part)
      compiled.set(text, known)
      return (answer) => known(answer)
    },
  }
}

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>
}

function ajvFor(questionnaire: Questionnaire, allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors, allowUnionTypes: true })
  ajv.addKeyword({
    keyword: 'codelist',
    type: 'string',
    schemaType: 'string',
    compile(list: string) {
      const codes = new Set(questionnaire.lists[list]?.choices.map(({ name }) => name) ?? [])
      return (code: string) => codes.has(code)
    },
  })
  return ajv
}

function questionAt(path: string, params: Readonly<Record<string, unknown>>): string {
  const { additionalProperty } = params
  // A name that no question has may itself be an answer; it is not repeated.
  if (typeof additionalProperty === 'string') return ''
  return path.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
}
