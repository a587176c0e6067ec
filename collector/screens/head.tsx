import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'
import { memberName, memberNumber } from '../interview/members.ts'
import { interviewProgress } from '../interview/progress.ts'
import type { Session } from '../interview/session.ts'
import { rowAt, rowsOf } from '../interview/values.ts'
import type { DraftPlace } from '../phone.ts'
import type { Words } from '../text/words.ts'
import { Avatar } from './avatar.tsx'
import { textIn } from './controls/control.ts'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

/** Where one is, whether it is saved, the other language; below it how much is done. */
export function Head({ conduct, onList, onLanguages }: { conduct: Conduct; onList: () => void; onLanguages: () => void }): JSX.Element {
  const words = useWords()
  const { t } = words
  const session = conduct.session()
  const { draft, form } = session
  const { answered, asked } = useMemo(() => interviewProgress(session), [draft.answers, form])
  const { languages } = form.questionnaire
  const index = languages.findIndex(({ code }) => code === draft.questionLanguage)
  const other = languages[(index + 1) % languages.length]
  const isSaved = conduct.saving() === 'saved'
  const [repeat, row] = memberOf(draft.place)
  const member = repeat === undefined ? undefined : rowAt(draft.answers, repeat, row)
  return (
    <header class="top">
      <button type="button" class="where" onClick={onList}>
        {member ? <Avatar member={member} outline={session.outline} size={32} /> : <Icon name="list" />}
        <span class="grow">
          {draft.practice && <strong class="mark">{t('app.practice')}</strong>} {whereWords(session, words)}
        </span>
      </button>
      <span class="tick" role="status">
        {isSaved && <Icon name="check" size={20} />}
        <span class="unseen">{isSaved ? t('question.saved') : t('question.saving')}</span>
      </span>
      {other !== undefined && languages.length > 1 && (
        <button
          type="button"
          class="quiet"
          lang={other.code}
          dir={other.direction}
          onClick={() => (languages.length === 2 ? conduct.questionLanguage(other.code) : onLanguages())}
        >
          {other.name}
        </button>
      )}
      <progress value={answered} max={Math.max(1, asked)} aria-label={t('progress.label')} />
    </header>
  )
}

function memberOf(place: DraftPlace): readonly [repeat?: string | undefined, row?: string | undefined] {
  return place.screen === 'question' ? [place.at.repeat, place.at.row] : place.screen === 'member' ? [place.repeat, place.row] : []
}

function whereWords({ draft, outline, form }: Session, words: Words): string {
  const { place, answers, questionLanguage } = draft
  const { t } = words
  if (place.screen === 'summary') return t('summary.title')
  const [repeat, row] = memberOf(place)
  if (repeat !== undefined && row !== undefined) {
    return t('member.of', {
      number: memberNumber(answers, repeat, row),
      count: rowsOf(answers, repeat).length,
      name: memberName(outline, answers, repeat, row) ?? '',
    })
  }
  const name = place.screen === 'roster' ? place.repeat : place.screen === 'question' ? place.at.name : ''
  const node = outline.nodes.get(name)
  const label = (place.screen === 'roster' ? node?.item : (node?.groups[0] ?? node?.item))?.label
  return textIn(label, questionLanguage, form.questionnaire.defaultLanguage) ?? ''
}
