import { createHash } from 'node:crypto'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { dependencies } from '../../schemas/language/dependencies.ts'
import type { Question, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf } from './dimensions.ts'

/**
 * Derived variables behind an indicator or a dimension of its table whose rule, or whose list of codes, is not the same in all these versions of
 * the questionnaire: migration status, for one. In the order of their names.
 */
export function changedRules(indicator: Indicator, by: readonly string[], versions: readonly Questionnaire[]): readonly string[] {
  return [...behind(indicator, by, versions)].filter(([, rules]) => distinct(rules).length > 1).map(([name]) => name)
}

/** 16 hex digits that are others when the rule of a derived variable behind the indicator is: releases made by the same rules have the same. */
export function rulesMark(indicator: Indicator, versions: readonly Questionnaire[]): string {
  const derived = [...behind(indicator, [], versions)].filter(([, rules]) => rules.some(({ calculation }) => calculation !== null))
  const rules = derived.map(([name, each]) => [name, distinct(each)])
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)
}

interface Rule {
  readonly calculation: Expression | null
  readonly codes: readonly string[]
}

const distinct = (rules: readonly Rule[]) => [...new Set(rules.map((rule) => JSON.stringify(rule)))].toSorted()

/** Every question that is read on the way to a figure, with its rule in each version. */
function behind(indicator: Indicator, by: readonly string[], versions: readonly Questionnaire[]): ReadonlyMap<string, readonly Rule[]> {
  const [first] = versions
  if (first === undefined) return new Map()
  const all = versions.map((version) => ({ version, questions: questionsOf(version) }))
  const { asked, universe, numerator, denominator, value } = indicator
  const start = [asked, universe, numerator, denominator, value, ...by.map((id) => dimensionOf(id, first, []).value ?? undefined)]
  const names = new Set<string>()
  const visit = (expression: Expression | undefined): void => {
    if (expression === undefined) return
    for (const name of dependencies(expression).names) {
      if (names.has(name)) continue
      names.add(name)
      for (const { questions } of all) visit(questions.get(name)?.calculation)
    }
  }
  for (const each of start) visit(each)
  const ruleIn = ({ version, questions }: (typeof all)[number], name: string): Rule => {
    const question: Question | undefined = questions.get(name)
    const codes = question?.list === undefined ? [] : (version.lists[question.list]?.choices ?? []).map((choice) => choice.name)
    return { calculation: question?.calculation ?? null, codes }
  }
  return new Map([...names].toSorted().map((name) => [name, all.map((each) => ruleIn(each, name))]))
}

const questionsOf = ({ items }: Questionnaire): ReadonlyMap<string, Question> =>
  new Map(nodesOf(items).flatMap(({ item }) => (item.kind === 'question' ? [[item.name, item]] : [])))
