import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import schema from '../../schemas/indicators/definition.schema.json' with { type: 'json' }
import { ExpressionError } from '../../schemas/language/expression-error.ts'
import { parseExpression } from '../../schemas/language/parse.ts'
import type { Indicator, IndicatorDefinition } from './definition.ts'

const expressions = ['asked', 'universe', 'numerator', 'denominator', 'value', 'weight'] as const
const ownFolder = fileURLToPath(new URL('../../schemas/indicators/', import.meta.url))

/**
 * Every definition of a folder, in the order of their ids.
 * @throws RangeError naming the file and what is wrong in it: a definition that cannot be read is an error of the program, not of a user.
 */
export async function loadDefinitions(folder: string = ownFolder): Promise<readonly Indicator[]> {
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile<IndicatorDefinition>(schema)
  const names = (await readdir(folder)).filter((name) => /^[A-Z]{3}\d\d\.json$/.test(name)).sort()
  return Promise.all(names.map(async (name) => toIndicator(readDefinition(name, await readFile(`${folder}/${name}`, 'utf8'), validate))))
}

function readDefinition(name: string, text: string, validate: ValidateFunction<IndicatorDefinition>): IndicatorDefinition {
  const definition: unknown = JSON.parse(text)
  if (!validate(definition)) {
    const what = validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ')
    throw new RangeError(`${name}: ${what}`)
  }
  if (name !== `${definition.id}.json`) throw new RangeError(`${name} holds the indicator ${definition.id}.`)
  return definition
}

/** @throws RangeError naming indicator and part, when an expression cannot be parsed. */
export function toIndicator(definition: IndicatorDefinition): Indicator {
  const parsed = expressions.flatMap((part) => {
    const source = definition[part]
    if (source === undefined) return []
    try {
      return [[part, parseExpression(source)] as const]
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      throw new RangeError(`${definition.id} ${part}, character ${error.position + 1}: ${error.message}`, { cause: error })
    }
  })
  return { definition, ...Object.fromEntries(parsed) }
}
