import type { Row } from '../../schemas/interview/answers.ts'
import type { Outline } from './outline.ts'

export type Figure = 'woman' | 'man' | 'girl' | 'boy' | 'baby' | 'old-woman' | 'old-man' | 'person'

/** Ages in completed years from which a picture fits. */
const [child, adult, old] = [2, 15, 60]

/** The picture of a member, by the answers to the concepts sex and age. */
export function figureOf(member: Row | undefined, { concepts }: Pick<Outline, 'concepts'>): Figure {
  const sex = answerTo('sex')
  const age = answerTo('age')
  if (typeof age === 'number' && age >= 0 && age < child) return 'baby'
  if (sex !== 'F' && sex !== 'M') return 'person'
  const isFemale = sex === 'F'
  if (typeof age === 'number' && age >= 0 && age < adult) return isFemale ? 'girl' : 'boy'
  if (typeof age === 'number' && age >= old) return isFemale ? 'old-woman' : 'old-man'
  return isFemale ? 'woman' : 'man'

  function answerTo(concept: string) {
    return concepts
      .get(concept)
      ?.map((name) => member?.[name])
      .find((value) => value !== undefined)
  }
}
