import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { SqlError, type SqlValue, isSqlList } from '../../schemas/language/sql-value.ts'
import { toSql, type SqlPlace } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf } from './dimensions.ts'
import { personRepeat, sqlNames } from './sql-names.ts'

/** Something wrong with a definition; `part` is the key of the file. */
export interface DefinitionProblem {
  readonly indicator: string
  readonly part: string
  readonly message: string
}

const conditions = ['asked', 'universe'] as const
const parts = ['asked', 'universe', 'numerator', 'denominator', 'value', 'weight'] as const

/**
 * Everything about the definitions that does not fit the questionnaire or itself: unknown questions, members' answers in a figure of homes,
 * a numerator of the wrong kind, units that do not match, a proxy under an official series, a breakdown that does not exist.
 */
export function lintDefinitions(indicators: readonly Indicator[], questionnaire: Questionnaire): readonly DefinitionProblem[] {
  const names = sqlNames(questionnaire)
  const repeat = personRepeat(questionnaire)
  return indicators.flatMap((indicator) => {
    const { definition } = indicator
    const found: DefinitionProblem[] = []
    const wrong = (part: string, message: string) => found.push({ indicator: definition.id, part, message })
    const place: SqlPlace = {
      household: 'h',
      today: 'h.finished',
      now: "''",
      ...(definition.level === 'person' && { member: { repeat, alias: 'p' } }),
    }
    for (const part of parts) {
      const expression = indicator[part]
      if (expression === undefined) continue
      for (const name of dependencies(expression).names) {
        if (!names.question(name) && names.repeatTable(name) === undefined) wrong(part, `There is no question ${name}.`)
      }
      checkKind(
        definition.type,
        part,
        () => toSql(expression, names, place),
        (message) => wrong(part, message),
      )
    }
    checkUnits(indicator, wrong)
    checkUniverse(indicator, wrong)
    for (const id of definition.breakdowns) checkBreakdown(id, indicator, questionnaire, wrong)
    return found
  })
}

type Wrong = (part: string, message: string) => void

function checkKind(type: string, part: (typeof parts)[number], translate: () => SqlValue, wrong: (message: string) => void): void {
  try {
    const value = translate()
    const isCondition = !isSqlList(value) && value.kind === 'condition'
    const wantsCondition = (conditions as readonly string[]).includes(part) || (part === 'numerator' && type === 'proportion')
    if (wantsCondition && !isCondition) wrong('This must be a condition, with =, > or the like.')
    if (!wantsCondition && isCondition) wrong('This must be a number; write if(condition, 1, 0) to count.')
    if (!wantsCondition && isSqlList(value)) wrong('This gives one value per member; write sum(), max() or count() around it.')
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    wrong(error.message)
  }
}

const perOfUnit: Readonly<Record<string, number>> = { percent: 100, 'per 100': 100, 'per 1000': 1000 }

function checkUnits({ definition }: Indicator, wrong: Wrong): void {
  const { unit, per = 1, type } = definition
  const isShare = ['proportion', 'ratio', 'rate', 'distribution'].includes(type)
  const wanted = perOfUnit[unit]
  if (isShare && wanted !== undefined && per !== wanted) wrong('per', `A figure in ${unit} is multiplied with ${wanted}.`)
  if (isShare && wanted === undefined) wrong('unit', `A share has the unit ${Object.keys(perOfUnit).join(', ')}.`)
  if (definition.class === 'proxy' && definition.sdg && /^\d+\.[\da-z]+\.\d+$/.test(definition.sdg)) {
    wrong('sdg', 'A proxy never carries the code of an official series; say which one it is near to, in words.')
  }
}

/** The parts of a condition joined by `and`. */
function conjuncts(expression: Expression): readonly string[] {
  if (Array.isArray(expression) && expression[0] === 'op' && expression[1] === 'and')
    return [...conjuncts(expression[2]), ...conjuncts(expression[3])]
  return [JSON.stringify(expression)]
}

/** A universe that is written as `asked and …` is a subset of those asked; another one is not seen to be. */
function checkUniverse({ definition, asked, universe }: Indicator, wrong: Wrong): void {
  if (definition.type === 'pipeline') return
  if (asked === undefined || universe === undefined) return wrong('asked', 'Say who is asked, so that missing answers can be told.')
  const held = new Set(conjuncts(universe))
  if (!conjuncts(asked).every((each) => held.has(each))) wrong('universe', 'Begin the universe with everything in `asked`, joined by and.')
}

function checkBreakdown(id: string, { definition }: Indicator, questionnaire: Questionnaire, wrong: Wrong): void {
  if (definition.type === 'pipeline') return
  try {
    const { level } = dimensionOf(id, questionnaire, [])
    if (level === 'person' && definition.level === 'household') wrong('breakdowns', `A home has no ${id}.`)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    wrong('breakdowns', error.message)
  }
}
