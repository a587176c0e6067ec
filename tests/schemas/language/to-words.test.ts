import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../../schemas/language/parse.ts'
import { toWords, type WordNames } from '../../../schemas/language/to-words.ts'

const labels: Readonly<Record<string, string>> = {
  B05: 'age',
  B06: 'place of living',
  C01: 'country of birth',
  E02: 'going to school',
  K01: 'sources',
  person: 'member',
  B02: 'relation',
}
const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  B06: { '1': 'here', '3': 'abroad' },
  E02: { '0': 'no' },
  K01: { '05': 'office' },
  B02: { '01': 'head' },
}
const names: WordNames = { question: (name) => labels[name] ?? name, choice: (question, code) => choices[question]?.[code] }

describe('an expression in words', () => {
  it.each([
    ["${B06} = '1'", 'place of living is "here"'],
    ["${B06} = '1' or ${B06} = '3'", 'place of living is "here" or "abroad"'],
    ["${B06} = '1' and ${B05} >= 6 and ${B05} <= 17", 'place of living is "here" and age is 6 or more and age is 17 or less'],
    ["${C01} != '' and ${C01} != '98' and ${C01} != '99' and ${B05} < 5", 'country of birth is known and age is below 5'],
    ["${C01} = ''", 'country of birth is not answered'],
    ["selected(${K01}, '05')", 'sources includes "office"'],
    ["not(${E02} = '0')", 'it is not so that (going to school is "no")'],
    ["(${B05} > 3 or ${E02} = '0') and ${B06} = '1'", '(age is above 3 or going to school is "no") and place of living is "here"'],
    ["count(${person}[B02 = '01']) = 1", 'the number of member with relation is "head" is 1'],
    ["${person}[B02 = '01']/B05 - ${B05} >= 12", 'age of each member with relation is "head" minus age is 12 or more'],
    ["if(${B05} < 5, 'Y0T4', '')", '"Y0T4" if age is below 5, else nothing'],
    ['. <= today()', 'the answer is the interview day or less'],
    ["instance('areas')/root/item[code = ${B05}]/label", 'label in the list areas where code is age'],
  ])('%s', (source, expected) => {
    expect(toWords(parseExpression(source), names)).toBe(expected)
  })
})
