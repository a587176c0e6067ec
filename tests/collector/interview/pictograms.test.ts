import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import table from '../../../collector/assets/pictograms.json' with { type: 'json' }
import { isPictureGrid, pictogramOf } from '../../../collector/interview/pictograms.ts'
import { isMissingCode } from '../../../collector/interview/missing.ts'
import { questionnaire } from './household.ts'

const sprite = readFileSync(new URL('../../../collector/assets/pictograms.svg', import.meta.url), 'utf8')
const drawn = new Set([...sprite.matchAll(/<symbol id="([^"]+)"/g)].map(([, name]) => name))

describe('the pictures of answers', () => {
  it('are all drawn', () => {
    const named = new Set(Object.values(table).flatMap((codes) => Object.values(codes)))
    expect([...named].filter((name) => !drawn.has(name))).toEqual([])
  })

  it('stand beside codes that the questionnaire has', () => {
    for (const [list, codes] of Object.entries(table)) {
      const known = questionnaire.lists[list]?.choices.map(({ name }) => name) ?? []
      expect([list, Object.keys(codes).filter((code) => !known.includes(code))]).toEqual([list, []])
    }
  })

  it('stand beside every answer of the private section but two, whose drawing would be of some people', () => {
    const ofPrivate = ['ground', 'abuse', 'crime'].flatMap((list) =>
      (questionnaire.lists[list]?.choices ?? []).map((choice) => [list, choice] as const),
    )
    const alone = ofPrivate.filter(([list, choice]) => !isMissingCode(choice.name) && pictogramOf(list, choice, 'en') === undefined)
    expect(alone.map(([, { label }]) => label['en'])).toEqual(['Ethnic group or skin colour', 'Religion'])
  })

  it('give way to an image that the questionnaire names', () => {
    expect(pictogramOf('sex', { name: 'F', label: {}, media: { image: { en: 'woman-with-hat.svg' } } }, 'en')).toBe('woman-with-hat')
  })

  it('are large only where every answer has one', () => {
    const choices = ['F', 'M'].map((name) => ({ name, label: {} }))
    expect(isPictureGrid('sex', choices, 'en')).toBe(true)
    expect(isPictureGrid('sex', [...choices, { name: 'other', label: {} }], 'en')).toBe(false)
  })
})
