import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { compiled, itemsOf, questionsOf } from './household.ts'

let questionnaire: Questionnaire
let items: readonly Item[]
let questions: readonly Question[]
let concepts: readonly Record<string, string>[]
let bindings: readonly Record<string, string>[]

const codeList = async (name: string) =>
  parse(await readFile(new URL(`../../../schemas/codelists/${name}`, import.meta.url)), { columns: true }) as Record<string, string>[]

beforeAll(async () => {
  questionnaire = await compiled('household')
  items = itemsOf(questionnaire.items)
  questions = questionsOf(questionnaire.items)
  concepts = await codeList('concepts.csv')
  bindings = await codeList('lists.csv')
})

/** How many questions each module of the catalogue has. */
const modules = { A: 13, B: 13, C: 12, D: 5, E: 5, F: 11, G: 9, H: 10, I: 8, J: 3, K: 12, L: 6, M: 10, N: 7, P: 6, Q: 3 }
const catalogue = Object.entries(modules).flatMap(([module, count]) =>
  Array.from({ length: count }, (_, index) => `${module}${String(index + 1).padStart(2, '0')}`),
)
const texts = () => [
  ...items.flatMap((item) => [item.label, item.hint, ...(item.kind === 'question' ? [item.constraintMessage] : [])]),
  ...Object.values(questionnaire.lists).flatMap(({ choices }) => choices.map(({ label }) => label)),
]
const missingCodes = (question: Question) => [
  ...(question.missing ?? []),
  ...(question.list === undefined
    ? []
    : (questionnaire.lists[question.list]?.choices ?? []).map(({ name }) => name).filter((name) => name === '98' || name === '99')),
]

describe('the household survey', () => {
  it('asks all 133 questions of the catalogue', () => {
    const names = new Set(items.map(({ name }) => name))
    expect(catalogue).toHaveLength(133)
    expect(catalogue.filter((name) => !names.has(name))).toEqual([])
  })

  it('holds each person once, in one repeat', () => {
    expect(items.filter(({ kind }) => kind === 'repeat').map(({ name }) => name)).toEqual(['person'])
  })

  it('binds every list to its source', () => {
    const bound = bindings.filter(({ standard, source }) => standard !== '' && source !== '').map(({ list }) => list)
    expect(new Set(bound)).toEqual(new Set(Object.keys(questionnaire.lists)))
  })

  it('binds every concept it names to a definition with a standard and a version', () => {
    const known = new Set(
      concepts.filter(({ definition, standard, version }) => definition !== '' && standard !== '' && version !== '').map(({ id }) => id),
    )
    expect(questions.flatMap(({ concept }) => (concept === undefined || known.has(concept) ? [] : [concept]))).toEqual([])
    const used = new Set(questions.map(({ concept }) => concept))
    expect([...known].filter((id) => !used.has(id))).toEqual([])
  })

  it('gives every derived variable a concept and a type', () => {
    const derived = questions.filter(({ type }) => type === 'calculate')
    expect(derived.length).toBeGreaterThanOrEqual(26)
    expect(derived.filter(({ concept, valueType }) => concept === undefined || valueType === undefined).map(({ name }) => name)).toEqual([])
  })

  it('names every derived variable and every setting of a round, for the codebook', () => {
    const silent = questions.filter(({ type, label }) => ['calculate', 'hidden', 'today'].includes(type) && label === undefined)
    expect(silent.map(({ name }) => name)).toEqual([])
  })

  it('never says "illegal" of a person', () => {
    expect(texts().filter((each) => Object.values(each ?? {}).some((text) => /illegal|ilegal|iligal/i.test(text)))).toEqual([])
  })

  it('offers "prefer not to say" wherever a sensitive question is put to a person', () => {
    const put = questions.filter(({ sensitivity, type }) => sensitivity === 'sensitive' && !['calculate', 'hidden', 'note'].includes(type))
    expect(put.length).toBeGreaterThanOrEqual(50)
    expect(put.filter((question) => !missingCodes(question).includes('99')).map(({ name }) => name)).toEqual([])
  })

  it('has four direct identifiers and no condition that reads one', () => {
    expect(questions.filter(({ sensitivity }) => sensitivity === 'direct identifier').map(({ name }) => name)).toEqual([
      'A02',
      'A12',
      'A13',
      'B01',
    ])
  })

  it('decides each purpose of consent by one question', () => {
    expect(questions.flatMap(({ consent, name }) => (consent === undefined ? [] : [[name, consent]]))).toEqual([
      ['A07', 'interview'],
      ['A08', 'sharing'],
      ['A09', 'referral'],
      ['A10', 'recontact'],
      ['A14', 'linking'],
    ])
  })

  it('keeps exclusive codes apart in every list of many answers', () => {
    const many = questions.filter(({ type }) => type === 'select_multiple')
    expect(many.length).toBeGreaterThanOrEqual(10)
    for (const { list = '', name } of many) {
      const codes = questionnaire.lists[list]?.choices.map((choice) => choice.name) ?? []
      const none = codes.filter((code) => ['0', '00'].includes(code))
      expect(questionnaire.lists[list]?.exclusive, name).toEqual(
        expect.arrayContaining([...none, ...codes.filter((code) => code === '98' || code === '99')]),
      )
    }
  })

  it('leaves the legal-status question and module L closed unless the round opens them', () => {
    const defaults = Object.fromEntries(
      questions.filter(({ type }) => type === 'hidden').map((question) => [question.name, question.default]),
    )
    expect(defaults).toMatchObject({ home_country: 'PHL', money_currency: 'PHP', ask_legal_status: '0', ask_module_l: '0' })
  })

  it('writes the sexes in letters and crosses them to both ways of numbering', () => {
    const sexes = questionnaire.lists['sex']?.choices.map(({ name, columns }) => [
      name,
      columns?.['sdmx'],
      columns?.['cbms'],
      columns?.['unhcr'],
    ])
    expect(sexes).toEqual([
      ['F', 'F', '2', '1'],
      ['M', 'M', '1', '2'],
      ['X', '_O', undefined, undefined],
      ['99', '_N', undefined, undefined],
    ])
  })

  it('has every text in every language it offers', () => {
    const codes = questionnaire.languages.map(({ code }) => code)
    const gaps = texts().flatMap((each) =>
      each === undefined ? [] : codes.filter((code) => (each[code] ?? '').trim() === '').map((code) => `${code}: ${each['en']}`),
    )
    expect(gaps).toEqual([])
  })

  it('fills the same names into every language', () => {
    const names = (text = '') => [...new Set(text.match(/\$\{\w+\}/g))].toSorted().join()
    const wrong = texts().flatMap((each) => Object.values(each ?? {}).filter((text) => names(text) !== names(each?.['en'])))
    expect(wrong).toEqual([])
  })

  it('marks every language but English as a draft until a speaker has reviewed it', () => {
    expect(questionnaire.languages.filter(({ draft }) => !draft).map(({ code }) => code)).toEqual(['en'])
  })
})
