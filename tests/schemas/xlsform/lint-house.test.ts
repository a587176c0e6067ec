import { beforeAll, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { type House, readHouse } from '../../../schemas/xlsform/house.ts'
import { readCsv, readSurvey } from '../../../schemas/xlsform/read.ts'

let house: House
beforeAll(async () => {
  house = await readHouse()
})

function errors(survey: string, choices: string): readonly string[] {
  const settings = readCsv('settings', 'form_title,form_id,version,default_language\nTest,test,1,English (en)')
  const compiled = compileQuestionnaire(
    { sheets: [readCsv('survey', survey), readCsv('choices', choices), settings], files: {} },
    'test',
    house,
  )
  return compiled.problems.filter(({ severity }) => severity === 'error').map(({ sheet, row, message }) => `${sheet} ${row}: ${message}`)
}
const survey = (concept: string, type = 'select_one sex'): string =>
  `type,name,label::English (en),tala::concept\n${type},q,Female or male?,${concept}`

describe('the house', () => {
  it('knows concepts, the standards of its lists and their crosswalks', () => {
    expect(house.concepts.has('age/1')).toBe(true)
    expect(house.standards.get('country')).toBe('ISO 3166-1 alpha-3')
    expect(house.crosswalks.get('status_emp')?.has('A')).toBe(true)
  })

  it('is kept by the household survey', async () => {
    const folder = fileURLToPath(new URL('../../../schemas/questionnaires/household', import.meta.url))
    const { problems } = compileQuestionnaire(await readSurvey(folder), 'household', house)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('refuses a concept that nobody defined', () => {
    expect(errors(survey('sexx/1'), 'list_name,name,label::English (en),sdmx\nsex,F,Female,F')).toEqual([
      expect.stringContaining('survey 2: The concept "sexx/1" is not defined. Did you mean') as string,
    ])
  })

  it.each([
    [
      'a sex that SDMX does not know and no column translates',
      'select_one sex',
      'list_name,name,label::English (en),sdmx\nsex,F,Female,F\nsex,2,Male,',
      'choices 3: The list sex is bound to SDMX CL_SEX, which has no code "2". Write its code in the column sdmx',
    ],
    [
      'a country that is no ISO code',
      'select_one country',
      'list_name,name,label::English (en)\ncountry,PHL,Philippines\ncountry,63,Qatar',
      'choices 3: The list country is bound to ISO 3166-1 alpha-3, which has no code "63". Add a crosswalk',
    ],
  ])('refuses %s', (_, type, choices, message) => {
    expect(errors(survey('sex/1', type), choices)).toEqual([expect.stringContaining(message) as string])
  })

  it('leaves don’t know and prefer not to say to their own crosswalk, and other people’s surveys alone', () => {
    expect(errors(survey('sex/1'), 'list_name,name,label::English (en),sdmx\nsex,F,Female,F\nsex,99,Prefer not to say,')).toEqual([])
    expect(errors(survey(''), 'list_name,name,label::English (en)\nsex,1,Male\nsex,2,Female')).toEqual([])
  })
})
