import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import en from '../../../collector/text/en.json' with { type: 'json' }
import { loadHelp } from '../../../collector/text/help.ts'
import { createWords, interfaceLanguages, loadWords } from '../../../collector/text/words.ts'

const english = createWords('en', en)
type Entry = string | Record<string, string>
const folder = new URL('../../../collector/text/', import.meta.url)
const packs = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'en.json')
  .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, Entry>] as const)

const placeholders = (entry: Entry | undefined) =>
  [...new Set((typeof entry === 'string' ? entry : Object.values(entry ?? {}).join(' ')).match(/\{\w+\}/g))].toSorted()

describe('the interface texts', () => {
  it('exist in every language that is offered, and no pack is left over', () => {
    expect(packs.map(([code]) => code).toSorted()).toEqual(
      interfaceLanguages
        .map(({ code }) => code as string)
        .filter((code) => code !== 'en')
        .toSorted(),
    )
  })

  it.each(packs)('are complete in %s', (_, pack) => {
    expect(Object.keys(en).filter((key) => !(key in pack))).toEqual([])
    expect(Object.keys(pack).filter((key) => !(key in en))).toEqual([])
  })

  it.each(packs)('fill the same places in %s', (_, pack) => {
    for (const [key, entry] of Object.entries(en)) expect([key, placeholders(pack[key])]).toEqual([key, placeholders(entry)])
  })

  it.each(packs)('name a form for every number in %s', (code, pack) => {
    const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories
    for (const [key, entry] of Object.entries(pack)) {
      if (typeof entry === 'object') expect([key, forms.filter((form) => !(form in entry) && !('other' in entry))]).toEqual([key, []])
    }
  })

  it('choose the form by the number and show it in local digits', async () => {
    const arabic = await loadWords('ar')
    expect(english.t('member.left', { count: 1 })).toBe('1 question left')
    expect(english.t('member.left', { count: 12 })).toBe('12 questions left')
    expect(arabic.t('member.left', { count: 2 })).toBe('بقي سؤالان')
    expect(arabic.t('member.left', { count: 12 })).toContain(arabic.digits(12))
  })

  it('keep a name in its own direction', () => {
    expect(english.t('member.of', { number: 1, count: 3, name: 'أمينة' })).toBe('Person 1 of 3 · \u2068أمينة\u2069')
  })
})

describe('the help', () => {
  it.each(interfaceLanguages.map(({ code }) => code))('says the same in %s', async (code) => {
    const [here, there] = [await loadHelp(code), await loadHelp('en')]
    expect(here.situations.map(({ lines }) => lines.length)).toEqual(there.situations.map(({ lines }) => lines.length))
    expect(here.card.lines.length).toBe(there.card.lines.length)
  })
})
