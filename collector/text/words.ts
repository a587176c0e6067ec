import { localDigits } from '../interview/digits.ts'
import type en from './en.json'

/** A key of the interface texts. */
export type TextKey = keyof typeof en
type Pack = Readonly<Partial<Record<string, string | Readonly<Record<string, string>>>>>

/** The languages of the interface, each with its name in itself. All but English are drafts until a speaker has reviewed them. */
export const interfaceLanguages = [
  { code: 'en', name: 'English', direction: 'ltr', digits: 'latn', draft: false },
  { code: 'fil', name: 'Filipino', direction: 'ltr', digits: 'latn', draft: true },
  { code: 'id', name: 'Bahasa Indonesia', direction: 'ltr', digits: 'latn', draft: true },
  { code: 'bn', name: 'বাংলা', direction: 'ltr', digits: 'beng', draft: true },
  { code: 'ne', name: 'नेपाली', direction: 'ltr', digits: 'deva', draft: true },
  { code: 'ar', name: 'العربية', direction: 'rtl', digits: 'arab', draft: true },
] as const

export type InterfaceLanguage = (typeof interfaceLanguages)[number]['code']

const packs: Readonly<Record<InterfaceLanguage, () => Promise<Pack>>> = {
  en: async () => (await import('./en.json', { with: { type: 'json' } })).default,
  fil: async () => (await import('./fil.json', { with: { type: 'json' } })).default,
  id: async () => (await import('./id.json', { with: { type: 'json' } })).default,
  bn: async () => (await import('./bn.json', { with: { type: 'json' } })).default,
  ne: async () => (await import('./ne.json', { with: { type: 'json' } })).default,
  ar: async () => (await import('./ar.json', { with: { type: 'json' } })).default,
}

/** The texts of the interface in one language. */
export interface Words {
  readonly language: InterfaceLanguage
  readonly direction: 'ltr' | 'rtl'
  readonly draft: boolean
  /** A text with its `{placeholders}` filled; `count` chooses the plural form and is shown in local digits. */
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string
  /** The text of a key that came from elsewhere, or of `other` when nobody wrote one. */
  readonly known: (key: string, other: TextKey) => string
  readonly has: (key: string) => boolean
  readonly digits: (value: number | string) => string
}

/** True for a language that the interface speaks. */
export function isInterfaceLanguage(code: string): code is InterfaceLanguage {
  return interfaceLanguages.some((each) => each.code === code)
}

/** Loads a language; its pack is small and kept by the service worker. Every pack is complete. */
export async function loadWords(language: InterfaceLanguage): Promise<Words> {
  return createWords(language, await packs[language]())
}

export function createWords(language: InterfaceLanguage, pack: Pack): Words {
  const plural = new Intl.PluralRules(language)
  const { direction, digits, draft } = interfaceLanguages.find(({ code }) => code === language) ?? interfaceLanguages[0]
  const pick = (entry: Pack[string], count: unknown): string | undefined => {
    if (typeof entry !== 'object') return entry
    return entry[typeof count === 'number' ? plural.select(count) : 'other'] ?? entry.other
  }
  const t: Words['t'] = (key, values = {}) => {
    const text = pick(pack[key], values.count) ?? key
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined) return whole
      return typeof value === 'number' ? localDigits(value, digits) : isolated(value)
    })
  }
  return {
    language,
    direction,
    draft,
    t,
    known: (key, other) => (key in pack ? t(key as TextKey) : t(other)),
    has: (key) => key in pack,
    digits: (value) => localDigits(value, digits),
  }
}

// A name keeps its own direction: first-strong isolate … pop isolate.
function isolated(text: string): string {
  return `\u2068${text}\u2069`
}
