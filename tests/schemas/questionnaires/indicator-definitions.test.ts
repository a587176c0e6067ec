import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import dimensions from '../../../schemas/dimensions.json' with { type: 'json' }
import { dependencies } from '../../../schemas/language/dependencies.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import type { Item, Question, Questionnaire, Texts } from '../../../schemas/questionnaire.ts'
import { compiled, itemsOf } from './household.ts'

interface Definition {
  readonly id: string
  readonly version: string
  readonly title: Texts
  readonly label: Texts
  readonly universeLabel: Texts
  readonly level: 'person' | 'household'
  readonly type: string
  readonly asked?: string
  readonly universe?: string
  readonly numerator?: string
  readonly denominator?: string
  readonly value?: string
  readonly by?: string
  readonly per?: number
  readonly breakdowns: readonly string[]
  readonly minimumRespondents: number
  readonly restricted?: boolean
  readonly sdg?: string
  readonly class: string
  readonly period: string
}

const schemas = join(import.meta.dirname, '../../../schemas')
const folder = join(schemas, 'indicators')
const definitions = readdirSync(folder)
  .filter((name) => /^[A-Z]{3}\d\d\.json$/.test(name))
  .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Definition] as const)
const measured = definitions.filter(([, { type }]) => type !== 'pipeline')

let items: readonly Item[]
let lists: Questionnaire['lists']
let people: ReadonlySet<string>
beforeAll(async () => {
  const household = await compiled('household')
  items = itemsOf(household.items)
  lists = household.lists
  const person = items.find(({ kind, name }) => kind === 'repeat' && name === 'person')
  people = new Set(person?.kind === 'repeat' ? itemsOf(person.items).map(({ name }) => name) : [])
})

const expressionsOf = ({ asked, universe, numerator, denominator, value }: Definition) =>
  [asked, universe, numerator, denominator, value].filter((each) => each !== undefined)
const variablesOf = (definition: Definition) => [
  ...new Set(expressionsOf(definition).flatMap((source) => (source.match(/\$\{(\w+)\}/g) ?? []).map((each) => each.slice(2, -1)))),
]
const question = (name: string): Question | undefined => {
  const found = items.find((item) => item.name === name)
  return found?.kind === 'question' ? found : undefined
}

describe('the indicators', () => {
  it('are the 92 of the catalogue and the count of people', () => {
    expect(definitions).toHaveLength(93)
    expect(definitions.filter(([file, { id }]) => file !== id)).toEqual([])
    expect(definitions.filter(([, { type }]) => type === 'pipeline').map(([id]) => id)).toEqual([
      'QUA01',
      'QUA02',
      'QUA04',
      'QUA06',
      'QUA07',
    ])
  })

  it.each(definitions)('%s has a version, words in six languages, a period and a class', (_, definition) => {
    expect(definition.version).toMatch(/^\d+\.\d+\.\d+$/)
    for (const language of ['en', 'fil', 'id', 'bn', 'ne', 'ar'] as const)
      for (const words of [definition.title, definition.label, definition.universeLabel])
        expect(words[language], language).toMatch(/\S{2,}/)
    expect(definition.period).toMatch(/\S{2,}/)
    expect(['official', 'proxy', 'CBMS', 'own']).toContain(definition.class)
  })

  it.each(measured)('%s reads only questions that exist, at its level', (_, definition) => {
    const names = variablesOf(definition)
    expect(names.filter((name) => question(name) === undefined)).toEqual([])
    if (definition.level === 'household') expect(names.filter((name) => people.has(name))).toEqual([])
    for (const source of expressionsOf(definition)) expect(dependencies(parseExpression(source))).toBeDefined()
  })

  it.each(measured)('%s compares choices with codes that their lists have', (_, definition) => {
    const compared = expressionsOf(definition).flatMap((source) => [...source.matchAll(/\$\{(\w+)\}(?: !?= |, )'([^']+)'/g)])
    const unknown = compared.filter(([, name = '', code = '']) => {
      const list = question(name)?.list
      return list !== undefined && !lists[list]?.choices.some((choice) => choice.name === code)
    })
    expect(unknown.map(([text]) => text)).toEqual([])
  })

  it('say by which kind of figure they are formed', () => {
    const needs: Readonly<Record<string, readonly (keyof Definition)[]>> = {
      proportion: ['numerator', 'per'],
      ratio: ['numerator', 'denominator', 'per'],
      mean: ['value'],
      quantile: ['value'],
      distribution: ['by'],
      count: ['universe'],
    }
    for (const [id, definition] of measured)
      for (const key of needs[definition.type] ?? ['type']) expect(definition[key], `${id} ${key}`).toBeDefined()
  })

  it('leave those who did not answer out of the universe', () => {
    const leaky = measured.filter(([, { numerator = '', universe = '', type }]) => {
      if (type !== 'proportion') return false
      const names = (numerator.match(/\$\{(\w+)\}/g) ?? [])
        .map((each) => each.slice(2, -1))
        .filter((name) => question(name)?.list !== undefined)
      return !names.some((name) => universe.includes(`\${${name}}`)) && names.length > 0
    })
    expect(leaky.map(([id]) => id)).toEqual([])
  })

  it('break down only by known dimensions', () => {
    const known = new Set(['REF_AREA', 'QUESTION', ...dimensions.dimensions.map(({ id }) => id)])
    expect(definitions.flatMap(([, { breakdowns }]) => breakdowns.filter((id) => !known.has(id)))).toEqual([])
  })

  it('never give an SDG series as their own unless they follow its definition', () => {
    const claimed = definitions.filter(
      ([, definition]) => definition.class !== 'official' && definition.sdg !== undefined && !definition.sdg.includes('('),
    )
    expect(claimed.map(([id]) => id)).toEqual([])
  })

  it('restrict papers, forced labour and detention, and show them by area and sex at most', () => {
    const restricted = definitions.filter(([, definition]) => definition.restricted === true)
    expect(restricted.map(([id]) => id)).toEqual(['DET01', 'DOC06', 'TIP01'])
    for (const [, { breakdowns, minimumRespondents }] of restricted)
      expect({ breakdowns, minimumRespondents }).toEqual({ breakdowns: ['REF_AREA', 'SEX'], minimumRespondents: 30 })
  })
})
