import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Choice, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { compiled, questionsOf } from './household.ts'

const codeList = (name: string) =>
  parse(readFileSync(join(import.meta.dirname, '../../../schemas/codelists', name)), { columns: true }) as Record<string, string>[]

let questionnaire: Questionnaire
beforeAll(async () => {
  questionnaire = await compiled('household')
})

const choicesOf = (list: string): readonly Choice[] => questionnaire.lists[list]?.choices ?? []
const isMissing = ({ name }: Choice) => name === '98' || name === '99'
const codesOf = (standard: string) =>
  codeList('standards.csv')
    .filter((row) => row['standard'] === standard)
    .map(({ code }) => code)

describe('lists and their standards', () => {
  it.each([
    ['sex', 'SDMX CL_SEX', 'sdmx'],
    ['marital', 'SDMX CL_CIVIL_STATUS', 'sdmx'],
    ['isco', 'ISCO-08', 'isco'],
    ['status_emp', 'ICSE-18', 'icse'],
  ])('%s crosses every choice to %s', (list, standard, column) => {
    const codes = codesOf(standard)
    const crossed = choicesOf(list)
      .filter((choice) => column === 'sdmx' || !isMissing(choice))
      .map(({ name, columns }) => [name, columns?.[column]?.split(' ') ?? []] as const)
    expect(crossed.filter(([, to]) => to.length === 0 || to.some((code) => !codes.includes(code)))).toEqual([])
  })

  it.each([
    ['school_level', 'ISCED 2011', ['9']],
    ['wg', 'Washington Group Short Set', []],
  ])('%s keeps the codes of %s', (list, standard, added) => {
    const own = choicesOf(list)
      .filter((choice) => !isMissing(choice))
      .map(({ name }) => name)
    expect(own).toEqual([...codesOf(standard), ...added])
  })

  it('covers ICSE-18 and ISCO-08 whole', () => {
    const reached = (list: string, column: string) => new Set(choicesOf(list).flatMap(({ columns }) => columns?.[column]?.split(' ') ?? []))
    expect(reached('status_emp', 'icse')).toEqual(new Set(codesOf('ICSE-18')))
    expect(reached('isco', 'isco')).toEqual(new Set(codesOf('ISCO-08')))
  })

  it('names countries by three letters and crosses them to two letters and numbers', () => {
    const countries = choicesOf('country').filter(({ name, columns }) => !/^\d/.test(name) && columns?.['only_for'] === undefined)
    expect(countries.length).toBeGreaterThan(240)
    const wrong = countries.filter(
      ({ name, columns }) =>
        !/^[A-Z]{3}$/.test(name) || !/^[A-Z]{2}$/.test(columns?.['iso2'] ?? '') || !/^\d{3}$/.test(columns?.['iso_numeric'] ?? ''),
    )
    expect(wrong).toEqual([])
    expect(new Set(countries.map(({ columns }) => columns?.['iso2'])).size).toBe(countries.length)
  })

  it('gives "don’t know", "prefer not to say" and "other" their SDMX codes everywhere', () => {
    const codes: Readonly<Record<string, string>> = { '96': '_O', '98': '_U', '99': '_N' }
    const wrong = Object.entries(questionnaire.lists).flatMap(([list, { choices }]) =>
      choices.filter(({ name, columns }) => name in codes && columns?.['sdmx'] !== codes[name]).map(({ name }) => `${list} ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('keeps the wording of the Washington Group', () => {
    const words = (name: string) => questionsOf(questionnaire.items).find((question) => question.name === name)?.label?.['en']
    expect(['F01', 'F02', 'F03', 'F04', 'F05', 'F06'].map(words)).toEqual([
      'Does ${B01} have difficulty seeing, even if wearing glasses?',
      'Does ${B01} have difficulty hearing, even if using a hearing aid?',
      'Does ${B01} have difficulty walking or climbing steps?',
      'Does ${B01} have difficulty remembering or concentrating?',
      'Does ${B01} have difficulty with self-care, such as washing all over or dressing?',
      'Using the usual language, does ${B01} have difficulty communicating, for example understanding or being understood?',
    ])
  })
})

/** What a concept asks and computes: words in English, codes, rules. Translations may be corrected without a new version. */
function meaningOf(question: Question): unknown {
  const codes =
    question.list === undefined || question.list === 'area' ? [] : choicesOf(question.list).map(({ name, label }) => [name, label['en']])
  return [question.name, question.label?.['en'] ?? null, question.calculation ?? null, question.unit ?? null, codes]
}

describe('concepts', () => {
  it('mean today what their version meant when it was set', () => {
    const questions = questionsOf(questionnaire.items)
    const concepts = [...new Set(questions.flatMap(({ concept }) => concept ?? []))]
    const now = concepts.map((concept) => {
      const meanings = questions.filter((question) => question.concept === concept).map(meaningOf)
      return { concept, meaning: createHash('sha256').update(JSON.stringify(meanings)).digest('hex').slice(0, 16) }
    })
    // A difference is a new meaning: raise the version in concepts.csv and in the sheet, then write the fingerprint shown here.
    expect(now.toSorted((a, b) => a.concept.localeCompare(b.concept))).toEqual(codeList('concept-meanings.csv'))
  })
})
