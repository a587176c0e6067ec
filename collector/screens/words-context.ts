import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Words } from '../text/words.ts'

export const WordsContext = createContext<Words | undefined>(undefined)

/** The interface texts in the language of the moment. */
export function useWords(): Words {
  const words = useContext(WordsContext)
  if (!words) throw new TypeError('a screen stands outside the app')
  return words
}
