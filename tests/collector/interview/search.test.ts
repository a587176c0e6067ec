import { describe, expect, it } from 'vitest'
import { searchChoices } from '../../../collector/interview/search.ts'

const choice = (name: string, en: string, fil = en) => ({ name, label: { en, fil } })
const countries = [
  choice('PHL', 'Philippines', 'Pilipinas'),
  choice('SAU', 'Saudi Arabia'),
  choice('ARE', 'United Arab Emirates'),
  choice('CIV', 'Côte d’Ivoire'),
]
const found = (typed: string) => searchChoices(countries, typed).map(({ name }) => name)

describe('searching a long list', () => {
  it('finds words that begin as typed, those at the start of the label first', () => {
    expect(found('ara')).toEqual(['SAU', 'ARE'])
    expect(found('united a')).toEqual(['ARE'])
  })

  it('finds the word of any language of the form', () => {
    expect(found('pili')).toEqual(['PHL'])
  })

  it('does not mind marks on letters or capitals', () => {
    expect(found('COTE')).toEqual(['CIV'])
  })

  it('finds nothing inside a word', () => {
    expect(found('rabia')).toEqual([])
  })
})
