import type { Answer, Answers, Place } from '../../../schemas/interview/answers.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import type { Question } from '../../../schemas/questionnaire.ts'

/** What every kind of question is given to show and to take its answer. */
export interface ControlProps {
  readonly form: Form
  readonly answers: Answers
  readonly question: Question
  readonly place: Place
  readonly value: Answer | undefined
  readonly onAnswer: (value: Answer | undefined) => void
  /** Goes on by itself: only for single choices marked `quick`. */
  readonly onQuick: () => void
  /** Language of the questions; the interface may speak another. */
  readonly language: string
  /** Id of the heading that names the group. */
  readonly titleId: string
  /** The member's name, where a question is about one. */
  readonly memberName: string | undefined
  /** The day of the interview, YYYY-MM-DD. */
  readonly today: string
}

/** A text of the questionnaire in a language, else in its own. */
export function textIn(texts: Readonly<Record<string, string>> | undefined, language: string, otherwise: string): string | undefined {
  return texts?.[language] ?? texts?.[otherwise]
}
