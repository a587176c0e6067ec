import { beforeAll, describe, expect, it } from 'vitest'
import type { Form } from '../../../schemas/interview/form.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { compiled, derived, formOf, type Given, head, interview } from './household.ts'

let questionnaire: Questionnaire
let form: Form
beforeAll(async () => {
  questionnaire = await compiled('household')
  form = formOf(questionnaire)
})

const here: Given = { ...head, B01: 'Bea', B02: '09' }
const { C01: _c01, C02: _c02, C04: _c04, C05: _c05, C06: _c06, C07: _c07, B11: _b11, B14: _b14, ...elsewhere } = here
const foreigner: Given = { ...here, C01: 'KOR', C02: 'KOR', C08: 'KOR' }
const returnee: Given = { ...here, C06: '1', C08: 'QAT', C09: '2024-03-01', C12: '12' }

type Case = readonly [who: string, person: Given, expected: string | undefined, household?: Given]

/** Interview day: 15 June 2026. Each case is one person beside the head. */
const cases: readonly Case[] = [
  ['someone who never moved', here, 'NON'],
  ['a son who works in Qatar', { ...elsewhere, B02: '03', B05: 22, B06: '3', B07: 8, B12: 'QAT', B13: '01' }, 'ABROAD'],
  ['a foreign citizen who lives in a third country', { ...elsewhere, B06: '3', B07: 8, C01: 'KOR', C02: 'KOR' }, 'ABROAD'],
  ['a citizen who came back 27 months ago after years abroad', returnee, 'RETURN'],
  ['a citizen who came back 60 months ago', { ...returnee, C09: '2021-06-01' }, 'RETURN'],
  ['a citizen who came back 61 months ago', { ...returnee, C09: '2021-05-01' }, 'NON'],
  ['a citizen who came back and does not know when', { ...returnee, C09: '98' }, 'NON'],
  ['one who only started a job abroad in the last 3 years and is back', { ...here, C07: '1', C08: 'SAU', C09: '2025-12-01' }, 'RETURN'],
  ['one born here who gave up the citizenship and came back', { ...returnee, C02: 'USA' }, 'RETURN'],
  ['a foreign citizen who came 3 years ago', { ...foreigner, C09: '2023-06-01' }, 'FOREIGN'],
  ['a foreign citizen who came last month and will stay', { ...foreigner, C09: '2026-05-01', C10: '1' }, 'FOREIGN'],
  ['a foreign citizen who came last month and will leave', { ...foreigner, C09: '2026-05-01', C10: '0' }, 'TEMP'],
  ['a foreign citizen of whom the month of coming is not known, here a year ago', { ...foreigner, C09: '98', C05: '1' }, 'FOREIGN'],
  ['a person with no citizenship', { ...foreigner, C02: 'XXA', C09: '2019-01-01' }, 'FOREIGN'],
  ['a citizen born abroad who came as a child', { ...here, C01: 'MYS', C08: 'MYS', C09: '1995-01-01' }, 'FB_CIT'],
  [
    'a citizen born abroad who came back 2 years ago from working there',
    { ...here, C01: 'MYS', C06: '1', C08: 'MYS', C09: '2024-06-01' },
    'RETURN',
  ],
  ['one put out of home in another province', { ...here, C04: '2', C11: 'Talahib', C12: '13' }, 'IDP'],
  [
    'one put out of home in another province, back since',
    { ...here, C04: '2', C11: 'Talahib', C12: '13' },
    'INTERNAL',
    { P01: ['1'], P02: '1', P03: 2, P04: '1' },
  ],
  ['one whose home had to leave and is not back', here, 'IDP', { P01: ['2'], P02: '1', P03: 4, P04: '0' }],
  ['one whose home had to leave and is back', here, 'NON', { P01: ['2'], P02: '1', P03: 4, P04: '1' }],
  ['one who moved for a job from another province', { ...here, C04: '2', C11: 'Talahib', C12: '01' }, 'INTERNAL'],
  ['a child of 4 who moved with the family', { ...here, B05: 4, C05: '2', C11: 'Talahib', C12: '05' }, 'NON'],
  ['a daughter at school in another province', { ...elsewhere, B02: '03', B05: 20, B06: '2', B07: 10, B08: '1', B13: '03' }, 'NON'],
  [
    'a foreign citizen who is away in the country for 3 months',
    { ...elsewhere, B06: '2', B07: 3, B08: '1', C01: 'KOR', C02: 'KOR' },
    'FOREIGN',
  ],
  ['someone of whom nobody knows the place', { ...elsewhere, B06: '4', B07: 30, B13: '98' }, undefined],
  ['someone who prefers not to say where', { ...elsewhere, B06: '99' }, undefined],
  ['one who prefers not to say the citizenship', { ...here, C02: '99' }, 'NON'],
]

describe('migration status, version 1', () => {
  it.each(cases.map(([who, person, expected, household]) => ({ who, person, expected, household })))(
    'of $who',
    ({ person, expected, household }) => {
      expect(derived(interview(form, [head, person], household), 'migration_status', 2)).toBe(expected)
    },
  )

  it('follows the home country of the round', () => {
    const korea = formOf(questionnaire, { home_country: 'KOR' })
    expect(derived(interview(korea, [{ ...head, C01: 'KOR', C02: 'PHL', C08: '' }]), 'migration_status')).toBe('FOREIGN')
  })
})

describe('usual residence', () => {
  it.each<[string, Given, number]>([
    ['one born here', here, 1],
    ['a newcomer of last month who will stay', { ...foreigner, C09: '2026-05-01', C10: '1' }, 1],
    ['a newcomer of last month who will leave', { ...foreigner, C09: '2026-05-01', C10: '0' }, 0],
    ['one who came exactly 12 months ago', { ...foreigner, C09: '2025-06-01' }, 1],
    ['one away in the country for 11 months', { ...elsewhere, B06: '2', B07: 11, B08: '0' }, 1],
    ['one away in the country for 12 months', { ...elsewhere, B06: '2', B07: 12 }, 0],
    ['one abroad for 5 months who comes back within the year', { ...elsewhere, B06: '3', B07: 5, B08: '1' }, 1],
    ['one abroad for 5 months who stays away', { ...elsewhere, B06: '3', B07: 5, B08: '0' }, 0],
  ])('of %s', (_, person, expected) => {
    expect(derived(interview(form, [head, person]), 'usual_resident', 2)).toBe(expected)
  })
})

describe('other derived variables', () => {
  const one = (person: Given, name: string, household?: Given) => derived(interview(form, [{ ...head, ...person }], household), name)

  it.each<[string, Given, number | undefined]>([
    ['the age as told', { B05: 31, B04: '1990-01-01' }, 31],
    ['the age from the month of birth when it is not known', { B05: -98, B04: '2000-07-01' }, 25],
    ['the birthday as reached in the month of birth', { B05: -98, B04: '2000-06-01' }, 26],
    ['no age when neither is known', { B05: -98, B04: '98' }, undefined],
  ])('take %s', (_, person, expected) => expect(one(person, 'age')).toBe(expected))

  it.each([
    [0, 'Y0T4', 'Y0T14', 1],
    [14, 'Y10T14', 'Y0T14', 1],
    [15, 'Y15T19', 'Y15T24', 1],
    [18, 'Y15T19', 'Y15T24', 0],
    [64, 'Y60T64', 'Y25T64', 0],
    [79, 'Y75T79', 'Y_GE65', 0],
    [80, 'Y_GE80', 'Y_GE65', 0],
    [115, 'Y_GE80', 'Y_GE65', 0],
  ])('put age %i into its groups', (B05, five, broad, child) => {
    const answers = interview(form, [{ ...head, B05 }])
    expect(['age_group_5', 'age_broad', 'child'].map((name) => derived(answers, name))).toEqual([five, broad, child])
  })

  const six = (codes: string): Given =>
    Object.fromEntries(codes.split('').map((code, index) => [`F0${index + 1}`, code === '8' ? '98' : code]))
  it.each<[string, number | undefined]>([
    ['111111', 0],
    ['222222', 0],
    ['111311', 1],
    ['111114', 1],
    ['811111', undefined],
    ['811131', 1],
  ])('tell disability from the six domains %s', (codes, expected) => expect(one(six(codes), 'disability')).toBe(expected))

  it.each<[Given, string | undefined]>([
    [{ C01: 'PHL', C02: 'PHL' }, 'NB_C'],
    [{ C01: 'PHL', C02: 'XXA' }, 'NB_NC'],
    [{ C01: 'MYS', C02: 'PHL' }, 'FB_C'],
    [{ C01: 'MYS', C02: 'MYS' }, 'FB_NC'],
    [{ C01: '98', C02: 'PHL' }, undefined],
  ])('cross birth and citizenship: %o', (person, expected) => expect(one(person, 'birth_citizenship')).toBe(expected))

  it.each<[Given, number | undefined]>([
    [{ C02: 'XXA' }, 1],
    [{ C02: 'XXX', C03: '3' }, 1],
    [{ C02: '98', C03: '4' }, 1],
    [{ C02: '98', C03: '1' }, 0],
    [{ C02: 'PHL' }, 0],
    [{ C02: '99' }, undefined],
  ])('tell the risk of statelessness: %o', (person, expected) => expect(one(person, 'stateless_risk')).toBe(expected))

  const abroad: Given = { ...elsewhere, B02: '03', B05: 25, B06: '3', B07: 10, B12: 'QAT', B13: '01' }
  it.each<[string, Given, number]>([
    ['a son abroad for a job, 10 months', abroad, 1],
    ['a son abroad for a job, 37 months', { ...abroad, B07: 37 }, 0],
    ['a daughter abroad to study', { ...abroad, B13: '03' }, 0],
    ['a child of 14 abroad', { ...abroad, B05: 14 }, 0],
    ['a returnee who started a job abroad', { ...here, C07: '1' }, 1],
  ])('count work abroad in 36 months: %s', (_, person, expected) => {
    expect(derived(interview(form, [head, person]), 'worked_abroad_36m', 2)).toBe(expected)
  })

  it.each<[string, Given, (number | undefined)[]]>([
    ['working', { G01: '1' }, [1, 0, 1]],
    ['away from a job', { G01: '0', G02: '1' }, [1, 0, 1]],
    ['looking and free', { G01: '0', G02: '0', G03: '1', G04: '1' }, [0, 1, 1]],
    ['not looking', { G01: '0', G02: '0', G03: '0', G04: '1' }, [0, 0, 0]],
    ['not saying', { G01: '99' }, [undefined, undefined, undefined]],
    ['under 15', { B05: 14, G01: '1' }, [undefined, undefined, undefined]],
  ])('place a person in the labour force: %s', (_, person, expected) => {
    const answers = interview(form, [{ ...head, ...person }])
    expect(['employed', 'unemployed', 'labour_force'].map((name) => derived(answers, name))).toEqual(expected)
  })

  it.each<[Given, number | undefined]>([
    [{ G06: 'A', G08: '0' }, 1],
    [{ G06: 'A', G08: '1' }, 0],
    [{ G06: 'F', G08: '98' }, undefined],
    [{ G06: 'C' }, 0],
    [{ G06: 'E' }, 1],
  ])('tell an informal job: %o', (person, expected) => expect(one({ G01: '1', ...person }, 'informal_job')).toBe(expected))

  const paid: Given = { H06: ['01', '03'], H06_currency: 'PHP', H06_01: 90000, H06_03: 1200, H07: 1520, H07_currency: 'QAR', H07_rate: 15 }
  it.each<[string, Given, number | undefined, number | undefined]>([
    ['in two kinds of money: 91,200 / (1,520 x 15)', paid, 91200, 4],
    ['in one kind of money: 91,200 / 22,800', { ...paid, H07: 22800, H07_currency: 'PHP' }, 91200, 4],
    ['when nothing was paid', { H06: ['00'], H07: 1520, H07_currency: 'QAR' }, 0, 0],
    ['when one amount is not known', { ...paid, H06_03: -98 }, undefined, undefined],
    ['when the pay is not known', { ...paid, H07: -98 }, 91200, undefined],
    ['when the pay is 0', { ...paid, H07: 0 }, 91200, undefined],
    ['when the costs are not told', { H06: ['99'], H07: 1520, H07_currency: 'QAR' }, undefined, undefined],
  ])('form the recruitment cost indicator %s', (_, person, cost, rci) => {
    const answers = interview(form, [{ ...head, C07: '1', ...person }])
    expect([derived(answers, 'recruitment_cost'), derived(answers, 'rci')]).toEqual([cost, rci])
  })
})

describe('the home', () => {
  const home = [
    head,
    { ...here, B02: '02', B03: 'M', B05: 44 },
    { ...here, B02: '03', B05: 3 },
    { ...elsewhere, B02: '03', B03: 'M', B05: 21, B06: '3', B07: 20, B12: 'SAU', B13: '02' },
  ]

  it('counts who lives here, who belongs to it and who is abroad', () => {
    const answers = interview(form, home)
    const { count_here, household_size, abroad_members, household_with_member_abroad, sex_of_head, children_under_5, women_15_49 } = answers
    expect({
      count_here,
      household_size,
      abroad_members,
      household_with_member_abroad,
      sex_of_head,
      children_under_5,
      women_15_49,
    }).toEqual({
      count_here: 3,
      household_size: 3,
      abroad_members: 1,
      household_with_member_abroad: 1,
      sex_of_head: 'F',
      children_under_5: 1,
      women_15_49: 1,
    })
  })

  it('is poor when twice the half-year income per usual resident is below the line of the round', () => {
    // 30,000 x 2 / 3 persons = 20,000 a person and year.
    const poor = (line: number) => interview(formOf(questionnaire, { poverty_line: line }), home, { M06: 30000 })['poor']
    expect([poor(20001), poor(20000)]).toEqual([1, 0])
  })

  it('takes the line of its province and year from the list, unless the round sets one', () => {
    // 98901, 2026: 34,200 and 23,900. 42,000 x 2 / 3 = 28,000 a person and year.
    const found = interview(form, home, { M06: 42000 })
    expect([found['poverty_line_here'], found['poor'], found['food_line_here'], found['food_poor']]).toEqual([34200, 1, 23900, 0])
    expect(interview(formOf(questionnaire, { poverty_line: 27999 }), home, { M06: 42000 })['poor']).toBe(0)
  })

  it('is neither poor nor not poor without a line or an income', () => {
    expect(interview(form, home, { A01: '1380600001', M06: 30000 })['poor']).toBeUndefined()
    expect(interview(form, home, { M06: -99 })['poor']).toBeUndefined()
  })

  it('counts unmet needs: makeshift walls, open well, hunger', () => {
    expect(interview(form, home, { N01: '1', N02: '5', N03: '1', N05: '07', N07: '02', M07: '1' })['unmet_needs']).toBe(3)
  })

  it('counts a refusal by its answer to A07', () => {
    expect(interview(form, [], { A07: '0' })['visit_result']).toBe('5')
  })
})
