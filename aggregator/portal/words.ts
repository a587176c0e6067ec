import ar from './text/ar.json' with { type: 'json' }
import en from './text/en.json' with { type: 'json' }
import fil from './text/fil.json' with { type: 'json' }

export type Word = keyof typeof en

const texts = { en, fil, ar } as const satisfies Readonly<Record<string, Readonly<Partial<Record<Word, string>>>>>
export type PortalLanguage = keyof typeof texts

/** Languages of the portal with their own names; all but English are drafts. */
export const portalLanguages: Readonly<Record<PortalLanguage, string>> = { en: 'English', fil: 'Filipino', ar: 'العربية' }

/** The portal's own words in one language, English where one is missing; `{name}` is filled in. */
export interface Words {
  readonly language: PortalLanguage
  readonly direction: 'ltr' | 'rtl'
  (word: Word, fill?: Readonly<Record<string, string | number>>): string
  /** Digits as they stand on the phones of all three languages, in groups of three. */
  number(value: number): string
  /** A name or id in a line of its own, keeping its direction where the page runs from right to left. */
  verbatim(text: string): string
  /** The day of an ISO 8601 instant, never broken over two lines. */
  day(instant: string): string
  /** Text of a definition in this language, English where it is missing. */
  text(texts: Readonly<Record<string, string>> | undefined): string
}

export function wordsIn(language: string | undefined): Words {
  const chosen = language !== undefined && isPortalLanguage(language) ? language : 'en'
  const own: Readonly<Partial<Record<Word, string>>> = texts[chosen]
  // Names and ids in a line that runs from right to left keep their own direction between these two marks.
  const kept = (value: string | number) => (chosen === 'ar' ? `\u2068${value}\u2069` : String(value))
  const say = (word: Word, fill: Readonly<Record<string, string | number>> = {}) =>
    (own[word] ?? en[word]).replace(/\{(\w+)\}/g, (whole, name: string) => (fill[name] === undefined ? whole : kept(fill[name])))
  return Object.assign(say, {
    language: chosen,
    direction: chosen === 'ar' ? ('rtl' as const) : ('ltr' as const),
    verbatim: (text: string) => kept(text),
    day: (instant: string) => instant.slice(0, 10).replaceAll('-', '\u2011'),
    number: (value: number) => value.toLocaleString('en'),
    text: (translations: Readonly<Record<string, string>> | undefined) => translations?.[chosen] ?? translations?.['en'] ?? '',
  })
}

export function isPortalLanguage(language: string): language is PortalLanguage {
  return language in texts
}

interface Asking {
  readonly query: unknown
  acceptsLanguages(...languages: string[]): string | false
}

/** The language in the address, else the one that the browser wishes for. */
export function chosenWords(request: Asking): Words {
  const asked = (request.query as Readonly<Record<string, unknown>>)['lang']
  const first: unknown = Array.isArray(asked) ? asked[0] : asked
  return wordsIn(typeof first === 'string' && isPortalLanguage(first) ? first : request.acceptsLanguages(...Object.keys(texts)) || 'en')
}

/** The unit in words; an own unit of an indicator stays as it is. */
export function unitWord(say: Words, unit: string): string {
  const word = `unit-${unit.replace(/\s+/g, '-')}`
  return word in en ? say(word as Word) : unit
}

/** The theme an indicator belongs to, by the letters its id begins with. */
export function themeWord(say: Words, theme: string): string {
  const word = `theme-${theme}`
  return say(word in en ? (word as Word) : 'theme-other')
}
