import { beforeAll, describe, expect, it } from 'vitest'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { sqlNames } from '../../../aggregator/indicators/sql-names.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { SqlNames } from '../../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { handComputed, type HandComputed } from './hand-computed.ts'
import { addHomes, type Answers, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

const everybody = '1 1 1 1 1 1 1 1'
const allButLast = '1 1 1 1 1 1 1 0'
const common: Readonly<Record<HandComputed['group'], Readonly<Record<string, string>>>> = {
  here: { B06: '1 1 1 1 1 1 1 3' },
  people: { B06: everybody },
  workers: { B06: everybody, worked_abroad_36m: allButLast },
  returnees: { B06: everybody, returnee_5y: allButLast },
  adults: { B06: everybody, is_selected_adult: allButLast, age: '30 30 30 30 30 30 30 30' },
  homes: { A07: allButLast },
}

let questionnaire: Questionnaire
let names: SqlNames
let indicators: readonly Indicator[]
beforeAll(async () => {
  questionnaire = await householdQuestionnaire()
  names = sqlNames(questionnaire)
  indicators = (await loadDefinitions()).filter(({ universe }) => universe !== undefined)
})

function answer(name: string, token: string): string | number | readonly string[] | undefined {
  if (token === '.') return undefined
  const kind = names.question(name)?.kind
  if (kind === undefined) throw new RangeError(`There is no question ${name}.`)
  return kind === 'number' ? Number(token) : kind === 'codes' ? token.split('+') : token
}

function unitsOf({ group, answers }: HandComputed): readonly Answers[] {
  const columns = Object.entries({ ...common[group], ...answers }).map(([name, tokens]) => [name, tokens.split(' ')] as const)
  if (columns.some(([, tokens]) => tokens.length !== 8)) throw new RangeError('A case has eight units.')
  return Array.from({ length: 8 }, (_, unit) =>
    Object.fromEntries(columns.map(([name, tokens]) => [name, answer(name, tokens[unit] ?? '.')])),
  )
}

function homesOf(worked: HandComputed): readonly Home[] {
  const units = unitsOf(worked)
  if (worked.group === 'homes') return units.map((answers) => ({ answers }))
  return [{ answers: { household_with_member_abroad: 1, ask_module_l: 1, certified: 1, ask_legal_status: 1 }, people: units }]
}

describe('figures worked out by hand', () => {
  it('exist for every indicator that answers feed', () => {
    expect(Object.keys(handComputed).sort()).toEqual(indicators.map(({ definition }) => definition.id))
  })

  it.each(Object.entries(handComputed))('%s', async (id, worked) => {
    const { connection, close } = await openVillage()
    try {
      await addHomes(connection, homesOf(worked))
      const [table] = await tabulate(connection, {
        indicators: indicators.filter(({ definition }) => definition.id === id),
        questionnaire,
        round,
        by: [],
      })
      const cell = table?.cells.find(({ nodes }) => nodes.every((node) => node === 0))
      expect([cell?.respondents, cell?.cases, cell?.withoutAnswer]).toEqual(worked.counts)
      expect(cell?.value).toBeCloseTo(worked.value, 9)
    } finally {
      close()
    }
  })
})
