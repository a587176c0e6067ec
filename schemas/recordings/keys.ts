import type { Choice, Question } from '../questionnaire.ts'

/** Where the sound of a question lies: as its sheet names it (media::audio), else by its name. */
export function questionKey({ name, media }: Pick<Question, 'name' | 'media'>, language: string): string {
  return withoutEnding(media?.audio?.[language] ?? `questions/${name}`)
}

export function choiceKey(list: string, { name, media }: Pick<Choice, 'name' | 'media'>, language: string): string {
  return withoutEnding(media?.audio?.[language] ?? `choices/${list}/${name}`)
}

/** The key of a sound file: its name without what kind of file it is. */
export function withoutEnding(name: string): string {
  return name.replace(/\.(webm|ogg|opus|mp3|m4a)$/, '')
}
