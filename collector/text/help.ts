import type { InterfaceLanguage } from './words.ts'

/** The help texts of one language; another file than the interface, because few screens need them. */
export interface HelpPack {
  readonly situations: readonly { readonly title: string; readonly lines: readonly string[] }[]
  /** For the respondent. */
  readonly card: { readonly title: string; readonly lines: readonly string[] }
}

const packs: Readonly<Record<InterfaceLanguage, () => Promise<HelpPack>>> = {
  en: async () => (await import('./help/en.json', { with: { type: 'json' } })).default,
  fil: async () => (await import('./help/fil.json', { with: { type: 'json' } })).default,
  id: async () => (await import('./help/id.json', { with: { type: 'json' } })).default,
  bn: async () => (await import('./help/bn.json', { with: { type: 'json' } })).default,
  ne: async () => (await import('./help/ne.json', { with: { type: 'json' } })).default,
  ar: async () => (await import('./help/ar.json', { with: { type: 'json' } })).default,
}

export async function loadHelp(language: InterfaceLanguage): Promise<HelpPack> {
  return packs[language]()
}
