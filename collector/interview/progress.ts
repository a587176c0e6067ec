import { memberProgress, type Progress } from './member-state.ts'
import { householdPages } from './pages.ts'
import type { Session } from './session.ts'
import { rowsOf, valueAt } from './values.ts'

/** How far the interview is, over the household and all its members. */
export function interviewProgress({ form, outline, draft: { answers } }: Pick<Session, 'form' | 'outline' | 'draft'>): Progress {
  const parts: Progress[] = []
  for (const page of householdPages(form, outline, answers)) {
    if (page.kind === 'roster') {
      for (const { _id } of rowsOf(answers, page.repeat.name)) parts.push(memberProgress(form, answers, page.repeat.name, _id))
      continue
    }
    const item = outline.nodes.get(page.place.name)?.item
    if (item?.kind !== 'question' || item.type === 'note') continue
    const isAnswered = valueAt(answers, page.place) !== undefined
    if (isAnswered) parts.push({ asked: 1, answered: 1, open: 0 })
    else if (item.required !== undefined) parts.push({ asked: 1, answered: 0, open: 1 })
  }
  return parts.reduce(
    (sum, { asked, answered, open }) => ({ asked: sum.asked + asked, answered: sum.answered + answered, open: sum.open + open }),
    {
      asked: 0,
      answered: 0,
      open: 0,
    },
  )
}
