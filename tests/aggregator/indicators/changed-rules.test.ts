import { beforeAll, describe, expect, it } from 'vitest'
import { changedRules, rulesMark } from '../../../aggregator/indicators/changed-rules.ts'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import type { Item, Questionnaire } from '../../../schemas/questionnaire.ts'
import { householdQuestionnaire } from './village.ts'

describe('rules that changed between two versions of the survey', () => {
  let questionnaire: Questionnaire
  let indicators: readonly Indicator[]
  beforeAll(async () => {
    questionnaire = await householdQuestionnaire()
    indicators = await loadDefinitions()
  })
  const indicatorOf = (id: string) => {
    const found = indicators.find(({ definition }) => definition.id === id)
    if (!found) throw new Error(`${id} is defined.`)
    return found
  }
  const withRule = (name: string): Questionnaire => {
    const change = (items: readonly Item[]): readonly Item[] =>
      items.map((item) =>
        item.kind === 'question'
          ? item.name === name
            ? { ...item, calculation: ['str', 'other'] }
            : item
          : { ...item, items: change(item.items) },
      )
    return { ...questionnaire, items: change(questionnaire.items) }
  }

  it('are none when nothing changed', () => {
    expect(changedRules(indicatorOf('LAB01'), ['SEX', 'MIG_STATUS'], [questionnaire, questionnaire])).toEqual([])
  })

  it('are found behind the indicator and behind its dimensions, however deep', () => {
    expect(changedRules(indicatorOf('LAB01'), ['SEX'], [questionnaire, withRule('employed')])).toContain('employed')
    expect(changedRules(indicatorOf('EDU01'), ['MIG_STATUS'], [questionnaire, withRule('returnee_5y')])).toEqual(['returnee_5y'])
    expect(changedRules(indicatorOf('EDU01'), ['SEX'], [questionnaire, withRule('returnee_5y')])).toEqual([])
  })

  it('give releases another mark, as two rules in one round do; questions that are asked do not', () => {
    const markOf = (...versions: readonly Questionnaire[]) => rulesMark(indicatorOf('LAB01'), versions)
    const usual = markOf(questionnaire)
    expect(usual).toMatch(/^[0-9a-f]{16}$/)
    expect(markOf(questionnaire, questionnaire)).toBe(usual)
    expect(markOf(withRule('returnee_5y'))).toBe(usual)
    expect(new Set([usual, markOf(withRule('employed')), markOf(questionnaire, withRule('employed'))]).size).toBe(3)
    const moreSexes = {
      ...questionnaire,
      lists: { ...questionnaire.lists, sex: { ...questionnaire.lists['sex'], choices: [] } },
    } as Questionnaire
    expect(markOf(moreSexes)).toBe(usual)
  })
})
