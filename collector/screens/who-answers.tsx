import type { JSX } from 'preact'
import type { Question } from '../../schemas/questionnaire.ts'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

/** Who may answer: a note for the enumerator above the question. Nothing where anybody of the home may. */
export function WhoAnswers({ question, name }: { question: Question; name: string | undefined }): JSX.Element | null {
  const { t, language, direction } = useWords()
  if (question.consent !== undefined || (question.type === 'note' && question.severity === undefined)) {
    return (
      <p class="who" lang={language} dir={direction}>
        <Icon name="aloud" /> {t('question.read-aloud')}
      </p>
    )
  }
  if (question.whoAnswers === 'interviewer') {
    return (
      <p class="who" lang={language} dir={direction}>
        <Icon name="eye" /> {t('question.look')}
      </p>
    )
  }
  if (question.whoAnswers === 'self' && name !== undefined) {
    return (
      <p class="who strong" lang={language} dir={direction}>
        <Icon name="person" /> {t('question.ask-self', { name })}
      </p>
    )
  }
  return null
}
