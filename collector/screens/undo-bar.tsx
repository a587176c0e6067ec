import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'
import type { Session } from '../interview/session.ts'
import { useWords } from './words-context.ts'

const undoMs = 10_000

/** A deleted member can be brought back for ten seconds. */
export function UndoBar({ session: { removed, outline }, conduct }: { session: Session; conduct: Conduct }): JSX.Element | null {
  const { t } = useWords()
  useEffect(() => {
    if (!removed) return undefined
    const timer = setTimeout(() => conduct.forgetRemoved(), undoMs)
    return () => clearTimeout(timer)
  }, [removed, conduct])
  if (!removed) return null
  const question = outline.nameQuestion.get(removed.repeat)
  const name = question && removed.row[question.name]
  return (
    <div class="undo" role="status">
      <span class="grow">{t('member.deleted', { name: typeof name === 'string' ? name : '' })}</span>
      <button type="button" class="plain" onClick={() => conduct.undoRemove()}>
        {t('member.undo')}
      </button>
    </div>
  )
}
