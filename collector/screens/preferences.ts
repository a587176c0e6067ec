import { type InterfaceLanguage, isInterfaceLanguage } from '../text/words.ts'

/** How the app looks for this enumerator; tells nothing of any household. */
export interface Preferences {
  readonly language: InterfaceLanguage
  readonly sunlight: boolean
  readonly theme: 'auto' | 'light' | 'dark'
  /** Recordings play by themselves when a question appears. */
  readonly autoplay: boolean
}

const shelf = 'tala.preferences'

/** What was chosen before, else the language of the phone. */
export function readPreferences(storage: Pick<Storage, 'getItem'>, phoneLanguages: readonly string[]): Preferences {
  const stored = parsed(storage.getItem(shelf))
  const spoken = phoneLanguages.map((tag) => tag.split('-')[0] ?? '').map((code) => (code === 'tl' ? 'fil' : code))
  const language = [stored.language, ...spoken].find((code) => code !== undefined && isInterfaceLanguage(code)) ?? 'en'
  return {
    language: isInterfaceLanguage(language) ? language : 'en',
    sunlight: stored.sunlight === true,
    autoplay: stored.autoplay === true,
    theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'auto',
  }
}

export function writePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  storage.setItem(shelf, JSON.stringify(preferences))
}

function parsed(text: string | null): { language?: string; sunlight?: unknown; theme?: unknown; autoplay?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
