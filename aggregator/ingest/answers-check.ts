import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { answersSchema } from '../../schemas/xlsform/answers-schema.ts'

/** A breach of the form that no engine should have to read: where and which rule, never a value. */
export interface Breach {
  readonly name: string
  readonly rule: string
}

/** The first breach of the questionnaire's JSON Schema in shape or size; null when there is none. */
export type AnswersCheck = (answers: unknown) => Breach | null

// Which codes and numbers are allowed the engine says better: it knows the round's areas, and it names the rule to the enumerator.
const aboutValues = new Set(['enum', 'const', 'codelist', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'anyOf'])

/** Compiled once per questionnaire version, because one function over all versions is three times slower. */
export function answersCheck(questionnaire: Questionnaire): AnswersCheck {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
  ajv.addKeyword({
    keyword: 'codelist',
    type: 'string',
    schemaType: 'string',
    compile(list: string) {
      const codes = new Set(questionnaire.lists[list]?.choices.map(({ name }) => name) ?? [])
      return (code: string) => codes.has(code)
    },
  })
  const validate = ajv.compile(answersSchema(questionnaire))
  return (answers) => {
    if (validate(answers)) return null
    const errors = validate.errors ?? []
    const error = errors.find(({ keyword, schemaPath }) => !aboutValues.has(keyword) && !schemaPath.includes('/anyOf/'))
    return error ? { name: questionAt(error.instancePath, error.params), rule: error.keyword } : null
  }
}

function questionAt(path: string, params: Readonly<Record<string, unknown>>): string {
  const { additionalProperty } = params
  // A name that no question has may itself be an answer; it is not repeated.
  if (typeof additionalProperty === 'string') return ''
  return path.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
}
