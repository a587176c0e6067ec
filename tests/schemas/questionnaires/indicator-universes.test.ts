import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Answers, Row } from '../../../schemas/interview/answers.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { createRandom } from '../../simulation/random.ts'
import { compiled, formOf, rowsOf } from './household.ts'
import { randomHome } from './random-respondent.ts'

interface Definition {
  readonly id: string
  readonly level: 'person' | 'household'
  readonly type: string
  readonly asked?: string
  readonly universe?: string
  readonly impossible?: Readonly<Record<string, readonly string[]>>
}

const folder = join(import.meta.dirname, '../../../schemas/indicators')
const definitions = readdirSync(folder)
  .filter((name) => /^[A-Z]{3}\d\d\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Definition)
  .filter(({ type }) => type !== 'pipeline')

const homes = 400
const open = { ask_module_l: 1, certified: 1, ask_legal_status: 1, poverty_line: 20_000, food_line: 14_000 }
let members: readonly Row[]
let households: readonly Answers[]

/** A calculate row that is 1 where the condition holds. */
const flag = (name: string, condition: string): Question => ({
  kind: 'question',
  name,
  type: 'calculate',
  calculation: ['call', 'if', parseExpression(condition), 1, 0],
  sensitivity: 'ordinary',
  valueType: 'integer',
})

function withConditions(questionnaire: Questionnaire): Questionnaire {
  const flags = (level: string) =>
    definitions
      .filter((definition) => definition.level === level)
      .flatMap(({ id, asked, universe }) => [flag(`${id}_asked`, asked ?? 'true()'), flag(`${id}_universe`, universe ?? 'true()')])
  const items = questionnaire.items.map(
    (item): Item => (item.kind === 'repeat' ? { ...item, items: [...item.items, ...flags('person')] } : item),
  )
  return { ...questionnaire, items: [...items, ...flags('household')] }
}

beforeAll(async () => {
  const questionnaire = await compiled('household')
  const form = formOf(questionnaire, open)
  const measuring = formOf(withConditions(questionnaire), open)
  const random = createRandom(20_260_615)
  households = Array.from({ length: homes }, () => measuring.calculate(form.prune(randomHome(form, random)).answers))
  members = households.flatMap((answers) => rowsOf(answers))
}, 120_000)

const counted = ({ id, level }: Definition, part: string) =>
  (level === 'person' ? members : households).filter((each) => each[`${id}_${part}`] === 1)

const code = (each: Row | Answers, name: string) => {
  const value = each[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '_U'
}

/** Codes of the dimensions for one person or home, in every band that holds it. */
const placesOf = (each: Row | Answers): Readonly<Record<string, readonly string[]>> => ({
  AGE: [code(each, 'age_group_5'), code(each, 'age_broad')],
  MIG_STATUS: [code(each, 'migration_status')],
  DISABILITY: [code(each, 'disability')],
  MEMBER_ABROAD: [code(each, 'household_with_member_abroad')],
})

describe('in 400 homes that answer at random', () => {
  it('every kind of person occurs', () => {
    expect(members.length).toBeGreaterThan(300)
    const codes = new Set(members.map((each) => each['migration_status']))
    expect(codes).toEqual(new Set(['ABROAD', 'RETURN', 'FOREIGN', 'FB_CIT', 'TEMP', 'IDP', 'INTERNAL', 'NON', undefined]))
  })

  it.each(definitions.map((each) => [each.id, each] as const))('%s counts somebody, and only who was asked', (_, definition) => {
    const asked = new Set(counted(definition, 'asked'))
    const universe = counted(definition, 'universe')
    expect(universe.length).toBeGreaterThan(0)
    expect(universe.filter((each) => !asked.has(each))).toEqual([])
  })

  it.each(definitions.filter(({ impossible }) => impossible !== undefined).map((each) => [each.id, each] as const))(
    '%s counts nobody in a place it calls impossible',
    (_, definition) => {
      const found = counted(definition, 'universe').flatMap((each) =>
        Object.entries(definition.impossible ?? {}).flatMap(([dimension, codes]) =>
          (placesOf(each)[dimension] ?? []).filter((place) => codes.includes(place)).map((place) => `${dimension} ${place}`),
        ),
      )
      expect([...new Set(found)]).toEqual([])
    },
  )
})
