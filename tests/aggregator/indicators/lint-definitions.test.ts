import { beforeAll, describe, expect, it } from 'vitest'
import type { IndicatorDefinition } from '../../../aggregator/indicators/definition.ts'
import { lintDefinitions } from '../../../aggregator/indicators/lint-definitions.ts'
import { loadDefinitions, toIndicator } from '../../../aggregator/indicators/load-definitions.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { householdQuestionnaire } from './village.ts'

let questionnaire: Questionnaire
beforeAll(async () => {
  questionnaire = await householdQuestionnaire()
})

const sound: IndicatorDefinition = {
  id: 'TST01',
  version: '1.0.0',
  title: { en: 'Test' },
  label: { en: 'Test?' },
  level: 'person',
  type: 'proportion',
  unit: 'percent',
  per: 100,
  universeLabel: { en: 'people' },
  asked: "${B06} = '1'",
  universe: "${B06} = '1' and ${C01} != ''",
  numerator: "${C01} = 'SAU'",
  breakdowns: ['REF_AREA', 'SEX'],
  minimumRespondents: 10,
  gcm: [1],
  source: 'test',
  class: 'own',
}
const problemsOf = (change: Partial<IndicatorDefinition>) =>
  lintDefinitions([toIndicator({ ...sound, ...change })], questionnaire).map(({ part, message }) => `${part}: ${message}`)

describe('the linter of definitions', () => {
  it('finds nothing in our own definitions', async () => {
    const all = await loadDefinitions()
    expect(all.length).toBeGreaterThanOrEqual(92)
    expect(lintDefinitions(all, questionnaire)).toEqual([])
  })

  it.each<[string, Partial<IndicatorDefinition>, string]>([
    ['a question that does not exist', { numerator: "${C99} = '1'" }, 'numerator: There is no question C99.'],
    [
      'a condition that is a number',
      { universe: "${B06} = '1' and ${C01} != ''", numerator: '${age}' },
      'numerator: This must be a condition, with =, > or the like.',
    ],
    [
      'a mean of a condition',
      { type: 'mean', unit: 'years', value: '${age} > 3' },
      'value: This must be a number; write if(condition, 1, 0) to count.',
    ],
    [
      'members in a figure of homes',
      { type: 'mean', level: 'household', unit: 'years', asked: "${A07} = '1'", universe: "${A07} = '1'", value: '${age}', breakdowns: [] },
      'value: This gives one value per member; write sum(), max() or count() around it.',
    ],
    [
      'branches of two kinds',
      { type: 'mean', unit: 'years', value: "if(${age} > 3, 1, 'x')" },
      'value: One branch gives a number, another a text: make them alike with string() or number().',
    ],
    ['a unit that does not fit', { per: 1000 }, 'per: A figure in percent is multiplied with 100.'],
    [
      'a proxy under an official series',
      { class: 'proxy', sdg: '8.3.1' },
      'sdg: A proxy never carries the code of an official series; say which one it is near to, in words.',
    ],
    [
      'a universe outside those asked',
      { universe: "${C01} != ''" },
      'universe: Begin the universe with everything in `asked`, joined by and.',
    ],
    ['a breakdown that is not known', { breakdowns: ['PLANET'] }, 'breakdowns: There is no dimension PLANET in this questionnaire.'],
    [
      'a personal breakdown of homes',
      { level: 'household', asked: "${A07} = '1'", universe: "${A07} = '1'", numerator: "${M01} = '1'", breakdowns: ['SEX'] },
      'breakdowns: A home has no SEX.',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(problemsOf(change)).toContain(message)
  })

  it('accepts the definition that all of these spoil', () => {
    expect(problemsOf({})).toEqual([])
  })

  it('names definition, part and place of an expression that cannot be read', () => {
    expect(() => toIndicator({ ...sound, numerator: '${age} == 1' })).toThrow('TST01 numerator, character 8: Write = to compare.')
  })
})
