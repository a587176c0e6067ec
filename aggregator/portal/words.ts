import en from './text/en.json' with { type: 'json' }
import fil from './text/fil.json' with { type: 'json' }

export type PortalLanguage = 'en' | 'fil'
export type Word = keyof typeof en

const texts: Readonly<Record<PortalLanguage, Readonly<Partial<Record<Word, string>>>>> = { en, fil }

/** The portal's own words in one language, English where one is missing; `{name}` is filled in. */
export interface Words {
  readonly language: PortalLanguage
  (word: Word, fill?: Readonly<Record<string, string | number>>): string
}

export function wordsIn(language: string | undefined): Words {
  const chosen: PortalLanguage = language === 'fil' ? 'fil' : 'en'
  const say = (word: Word, fill: Readonly<Record<string, string | number>> = {}) =>
    (texts[chosen][word] ?? en[word]).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole))
  return Object.assign(say, { language: chosen })
}

/** The unit in words; an own unit of an indicator stays as it is. */
export function unitWord(say: Words, unit: string): string {
  const word = `unit-${unit.replace(/\s+/g, '-')}`
  return word in en ? say(word as Word) : unit
}
