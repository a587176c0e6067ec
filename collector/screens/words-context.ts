import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { english, type Words } from '../text/words.ts'

export const WordsContext = createContext<Words>(english)

/** The interface texts in the language of the moment. */
export function useWords(): Words {
  return useContext(WordsContext)
}
