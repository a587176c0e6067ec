import { type InterfaceLanguage, loadWords } from '../text/words.ts'
import { messageOf } from './message-of.ts'

/** The sentence for a phone that could not be opened at all. */
export async function explainFailedStart(error: unknown, language: InterfaceLanguage): Promise<string> {
  return messageOf(error, await loadWords(language))
}
