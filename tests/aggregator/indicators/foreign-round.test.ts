import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ForeignRound, openForeignRound } from '../../../aggregator/indicators/foreign-round.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { householdQuestionnaire } from './village.ts'

let foreign: ForeignRound
let questionnaire: Questionnaire
beforeAll(async () => {
  questionnaire = await householdQuestionnaire()
  // Two CSV files of a made-up survey with codes of its own, and the mapping that explains them.
  foreign = await openForeignRound('tests/aggregator/indicators/foreign/mapping.json', questionnaire)
}, 60_000)
afterAll(() => foreign.close())

async function figure(id: string, codes: Readonly<Record<string, string>> = {}) {
  const indicators = (await loadDefinitions()).filter(({ definition }) => definition.id === id)
  const [table] = await tabulate(foreign.connection, { indicators, questionnaire, round: foreign.round, by: ['REF_AREA', 'SEX'] })
  const nodes = table?.dimensions.map((dimension) => dimension.nodes.findIndex(({ code }) => code === (codes[dimension.id] ?? '_T')))
  return table?.cells.find((cell) => cell.nodes.every((node, axis) => node === nodes?.[axis]))
}

describe('a survey that is not ours', () => {
  it('is counted by the same definitions', async () => {
    // Six live here; of five whose country has a code two were born in Saudi Arabia.
    expect(await figure('POP01')).toMatchObject({ value: 6 })
    expect(await figure('POP01', { REF_AREA: 'A', SEX: 'F' })).toMatchObject({ value: 3 })
    expect(await figure('MIG01')).toMatchObject({ respondents: 5, cases: 2, value: 40, withoutAnswer: 1 })
  })

  it('has the derived variables of our questionnaire, computed from what is mapped', async () => {
    // Two work; two look and are free: two of four in the labour force are unemployed.
    expect(await figure('LAB01')).toMatchObject({ respondents: 4, cases: 2, value: 50 })
    expect(await figure('MIG04')).toMatchObject({ respondents: 3, cases: 1 })
  })

  it('says how many values no code covers, and never which', () => {
    expect(foreign.withoutCode).toEqual([
      { question: 'M01', values: 1 },
      { question: 'C01', values: 1 },
    ])
  })

  it('says which derived variables it cannot compute', () => {
    expect(foreign.notDerived.every(({ reason }) => reason.length > 10)).toBe(true)
    expect(foreign.notDerived.map(({ question }) => question)).not.toContain('labour_force')
  })
})
