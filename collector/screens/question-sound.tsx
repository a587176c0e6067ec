import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { play } from '../recordings/play.ts'
import type { RecordingShelf } from '../recordings/shelf.ts'
import { Icon } from './icons.tsx'
import { readPreferences } from './preferences.ts'
import { useShelf } from './use-shelf.ts'
import { useWords } from './words-context.ts'

interface QuestionSoundProps {
  readonly questionnaire: string
  readonly language: string
  readonly sound: string
}

/** The speaker beside a question; nothing where it was not recorded. */
export function QuestionSound({ questionnaire, language, sound }: QuestionSoundProps): JSX.Element | null {
  const { t } = useWords()
  const shelf = useShelf(questionnaire, language)
  const isThere = shelf?.has(sound) === true
  useEffect(() => {
    if (shelf && isThere && readPreferences(localStorage, []).autoplay) void hear(shelf, sound)
  }, [shelf, sound])
  if (!shelf || !isThere) return null
  return <Speaker label={t('audio.question')} onPress={() => void hear(shelf, sound)} />
}

export function Speaker({ label, onPress }: { readonly label: string; readonly onPress: () => void }): JSX.Element {
  return (
    <button type="button" class="speaker" aria-label={label} onClick={onPress}>
      <Icon name="aloud" size={32} />
    </button>
  )
}

export async function hear(shelf: RecordingShelf, key: string): Promise<void> {
  const sound = await shelf.sound(key)
  if (sound) await play(sound)
}
