import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'
import { memberName } from '../interview/members.ts'
import { memberProgress } from '../interview/member-state.ts'
import { openMember } from '../interview/pages.ts'
import type { Session } from '../interview/session.ts'
import { Bar } from './bar.tsx'
import { Notice } from './notice.tsx'
import { Title } from './page.tsx'
import { useWords } from './words-context.ts'

interface MemberProps {
  readonly session: Session
  readonly conduct: Conduct
  readonly repeat: string
  readonly row: string
  readonly onBack: () => void
}

/** One member's menu: change the name, delete. Deleting names the person and how many answers go. */
export function Member({ session, conduct, repeat, row, onBack }: MemberProps): JSX.Element {
  const { t } = useWords()
  const { form, outline, draft } = session
  const question = outline.nameQuestion.get(repeat)
  const stored = memberName(outline, draft.answers, repeat, row) ?? ''
  const [name, setName] = useState(stored)
  const [isDeleting, setDeleting] = useState(false)
  const keep = () => {
    if (question && name.trim() !== '' && name.trim() !== stored) conduct.answer({ name: question.name, repeat, row }, name.trim())
  }
  const next = () => {
    keep()
    void conduct.go(openMember(form, conduct.session().draft.answers, repeat, row))
  }
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault()
        next()
      }}
    >
      <main>
        <Title text={stored} />
        {question && (
          <label class="field">
            <span>{t('member.rename')}</span>
            <input type="text" dir="auto" maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
        )}
        {isDeleting ? (
          <Notice text={t('member.delete-sure', { name: stored, count: memberProgress(form, draft.answers, repeat, row).answered })}>
            <div class="pair">
              <button type="button" class="plain" onClick={() => setDeleting(false)}>
                {t('app.no')}
              </button>
              <button type="button" class="plain" onClick={() => conduct.removeMember(repeat, row)}>
                {t('member.delete-yes')}
              </button>
            </div>
          </Notice>
        ) : (
          <button type="button" class="plain wide" onClick={() => setDeleting(true)}>
            {t('member.delete')}
          </button>
        )}
      </main>
      <Bar
        onBack={() => {
          keep()
          onBack()
        }}
        nextLabel={t('app.next')}
      />
    </form>
  )
}
