import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Choice, Questionnaire } from '../../../schemas/questionnaire.ts'
import { compiled, questionsOf } from './household.ts'

const sheet = (path: string) =>
  parse(readFileSync(join(import.meta.dirname, '../../../schemas', path)), { columns: true }) as Record<string, string>[]
const codeList = (name: string) => sheet(`codelists/${name}`)

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

type Cells = Readonly<Record<string, string>>

/** What a concept asks and computes, as the sheets say it in English. Translations may be corrected without a new version. */
function meanings(): readonly { readonly concept: string; readonly meaning: string }[] {
  const [survey, choices] = ['survey.csv', 'choices.csv'].map((name) => sheet(`questionnaires/household/${name}`))
  const codes = (type = '') =>
    (choices ?? []).filter((row) => row['list_name'] === type.split(' ')[1]).map((row) => [row['name'], row['label::English (en)']])
  const meaningOf = (row: Cells) => [row['name'], row['label::English (en)'], row['calculation'], row['tala::unit'], codes(row['type'])]
  const bound = (survey ?? []).filter((row) => row['tala::concept'] !== '')
  return [...new Set(bound.map((row) => row['tala::concept'] ?? ''))].toSorted().map((concept) => {
    const content = JSON.stringify(bound.filter((row) => row['tala::concept'] === concept).map(meaningOf))
    return { concept, meaning: createHash('sha256').update(content).digest('hex').slice(0, 16) }
  })
}

describe('concepts', () => {
  it('mean today what their version meant when it was set', () => {
    // A difference is a new meaning: raise the version in concepts.csv and in the sheet, then write the fingerprint shown here.
    expect(meanings()).toEqual(codeList('concept-meanings.csv'))
  })
})
