import type { Place } from '../../schemas/interview/answers.ts'
import type { DraftPlace, RecordSummary } from '../phone.ts'
import type { Session } from './session.ts'
import { placeOf } from './values.ts'

/** Where to put a problem right: a check opens the first question it compares; anything else is a question itself. */
export function placeOfProblem({ outline, form, draft }: Session, place: Place): DraftPlace {
  const item = outline.nodes.get(place.name)?.item
  if (item?.kind !== 'question' || item.severity === undefined) return { screen: 'question', at: place }
  const compared = [...outline.checksOf]
    .filter(([, checks]) => checks.some(({ question }) => question.name === place.name))
    .map(([name]) => name)
  for (const name of compared) {
    const repeat = outline.nodes.get(name)?.repeat?.name
    if (repeat !== undefined && place.row === undefined) return { screen: 'roster', repeat }
    const at = placeOf(name, repeat, place.row)
    if (form.isRelevant(draft.answers, at)) return { screen: 'question', at }
  }
  return { screen: 'summary' }
}

/** Where a correction opens for what the server or the supervisor asks: at the question, or where the whole is seen. */
export function placeOfReason(session: Session, { code, name = code, row }: RecordSummary['reasons'][number]): DraftPlace {
  const node = session.outline.nodes.get(name)
  if (node === undefined) return { screen: 'summary' }
  if (node.item.kind === 'repeat') return { screen: 'roster', repeat: name }
  if (node.repeat !== undefined && row === undefined) return { screen: 'roster', repeat: node.repeat.name }
  return placeOfProblem(session, placeOf(name, node.repeat?.name, row))
}
