import type { Answers } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { Draft, RecordSummary } from '../phone.ts'
import type { Outline } from './outline.ts'
import { firstPlace } from './pages.ts'
import type { Session } from './session.ts'

/** The question that holds the number of the home, by its concept. */
export function numberQuestion({ concepts }: Outline): string | undefined {
  return concepts.get('listing-number')?.[0]
}

/** The question that holds the result of the visit: the one that is asked, not what is calculated from it. */
export function resultQuestion({ concepts, nodes }: Outline): string | undefined {
  return concepts.get('visit-result')?.find((name) => {
    const item = nodes.get(name)?.item
    return item?.kind === 'question' && item.list !== undefined
  })
}

/** True when the result of the visit says that somebody comes back; marked in the column `come_back` of its list. */
export function isToComeBack(form: Form, outline: Outline, answers: Answers): boolean {
  const name = resultQuestion(outline)
  const chosen = name === undefined ? undefined : form.choices(answers, { name }).find((each) => each.name === answers[name])
  return chosen?.columns?.['come_back'] === 'yes'
}

/** A home that was found and numbered, to be visited later. */
export function listedHome({ form, outline, draft }: Session, number: string): Draft {
  const name = numberQuestion(outline)
  const answers = name === undefined ? draft.answers : form.answer(draft.answers, { name }, number)
  return { ...draft, answers, visits: 0, place: firstPlace(form, outline, answers) }
}

/** True for a draft that nobody is at the door for now: listed, or put off to another day. */
export function isAwaitingVisit({ visits, appointment }: Pick<Draft, 'visits' | 'appointment'>): boolean {
  return visits === 0 || appointment !== undefined
}

/**
 * A draft as it is opened again: the next visit to a home that waited for one, else an interruption that is over.
 * Where nobody was at home the result is asked anew; an interview that had begun goes on where it stopped.
 */
export function openedAgain(form: Form, outline: Outline, draft: Draft): Draft {
  if (!isAwaitingVisit(draft)) return { ...draft, interruptions: draft.interruptions + 1 }
  const { appointment: _, ...rest } = draft
  const result = resultQuestion(outline)
  const hasBegun = outline.repeats.some(({ name }) => form.isRelevant(draft.answers, { name }) && draft.answers[name] !== undefined)
  const at = hasBegun || result === undefined || draft.answers[result] === undefined ? undefined : { name: result }
  return { ...rest, visits: (draft.visits ?? 1) + 1, ...(at && { place: { screen: 'question', at } }) }
}

/** The number after the highest on this phone: its last figures counted on, as wide as they were. */
export function nextNumber(records: readonly Pick<RecordSummary, 'label' | 'area'>[], area: string): string {
  const highest = records
    .filter((each) => each.area === area && /\d$/.test(each.label))
    .map(({ label }) => label)
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1)
  return highest?.replace(/\d+$/, (figures) => String(Number(figures) + 1).padStart(figures.length, '0')) ?? ''
}
