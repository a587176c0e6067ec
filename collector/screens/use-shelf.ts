import { useEffect, useState } from 'preact/hooks'
import { hush } from '../recordings/play.ts'
import { openShelf, type RecordingShelf } from '../recordings/shelf.ts'

/** The recordings of a language, once they are found; what is heard ends with the screen. */
export function useShelf(questionnaire: string, language: string): RecordingShelf | undefined {
  const [shelf, setShelf] = useState<RecordingShelf>()
  useEffect(() => {
    let isShown = true
    void openShelf(questionnaire, language).then((found) => isShown && setShelf(found))
    return () => {
      isShown = false
      hush()
    }
  }, [questionnaire, language])
  return shelf
}
