import type { Answers, Place } from '../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../schemas/interview/form.ts'
import type { Repeat } from '../../schemas/questionnaire.ts'
import type { DraftPlace } from '../phone.ts'
import type { Outline } from './outline.ts'
import { placeOf, rowsOf, valueAt } from './values.ts'

/** One screen of the interview at household level. */
export type Page = { readonly kind: 'question'; readonly place: Place } | { readonly kind: 'roster'; readonly repeat: Repeat }

/** The relevant screens at household level in order; the summary follows the last. */
export function householdPages(form: Form, { household }: Outline, answers: Answers): readonly Page[] {
  const pages: Page[] = []
  for (const { item } of household) {
    if (!form.isRelevant(answers, { name: item.name })) continue
    if (item.kind === 'repeat') pages.push({ kind: 'roster', repeat: item })
    else pages.push({ kind: 'question', place: { name: item.name } })
  }
  return pages
}

/** What one member is asked, in order. */
export function memberQuestions(form: Form, answers: Answers, repeat: string, row: string): readonly Asked[] {
  return form.asked(answers, { repeat, row })
}

export function toDraftPlace(page: Page | undefined): DraftPlace {
  if (page === undefined) return { screen: 'summary' }
  return page.kind === 'question' ? { screen: 'question', at: page.place } : { screen: 'roster', repeat: page.repeat.name }
}

/** The screen after this one. From a member's last question it is the roster again. */
export function placeAfter(form: Form, outline: Outline, answers: Answers, from: DraftPlace): DraftPlace {
  switch (from.screen) {
    case 'question': {
      const { name, repeat, row } = from.at
      if (repeat === undefined || row === undefined) return after(form, outline, answers, name)
      const next = memberQuestions(form, answers, repeat, row).find((each) => orderOf(outline, each.place.name) > orderOf(outline, name))
      return next ? { screen: 'question', at: next.place } : { screen: 'roster', repeat }
    }
    case 'roster':
      return after(form, outline, answers, from.repeat)
    case 'member':
      return openMember(form, answers, from.repeat, from.row)
    case 'summary':
      return from
    default:
      return from satisfies never
  }
}

/** The screen before this one, or undefined on the first. */
export function placeBefore(form: Form, outline: Outline, answers: Answers, from: DraftPlace): DraftPlace | undefined {
  const before = (name: string | undefined) => {
    const limit = name === undefined ? Number.POSITIVE_INFINITY : orderOf(outline, name)
    const page = householdPages(form, outline, answers).findLast((each) => orderOf(outline, nameOf(each)) < limit)
    return page && toDraftPlace(page)
  }
  switch (from.screen) {
    case 'question': {
      const { name, repeat, row } = from.at
      if (repeat === undefined || row === undefined) return before(name)
      const asked = memberQuestions(form, answers, repeat, row)
      const earlier = asked.findLast((each) => orderOf(outline, each.place.name) < orderOf(outline, name))
      return earlier ? { screen: 'question', at: earlier.place } : { screen: 'roster', repeat }
    }
    case 'roster':
      return before(from.repeat)
    case 'member':
      return { screen: 'roster', repeat: from.repeat }
    case 'summary':
      return before(undefined)
    default:
      return from satisfies never
  }
}

/** Where the block of one member opens: at the first question that still needs an answer, else at the first. */
export function openMember(form: Form, answers: Answers, repeat: string, row: string): DraftPlace {
  const asked = memberQuestions(form, answers, repeat, row)
  const open =
    asked.find(
      ({ question, place }) => question.type !== 'note' && question.required !== undefined && valueAt(answers, place) === undefined,
    ) ?? asked[0]
  return open ? { screen: 'question', at: open.place } : { screen: 'roster', repeat }
}

/** A stored place that still exists: a question that is no longer asked gives way to the one before it. */
export function standingPlace(form: Form, outline: Outline, answers: Answers, at: DraftPlace): DraftPlace {
  if (at.screen === 'summary') return at
  const first = () => toDraftPlace(householdPages(form, outline, answers)[0])
  const name = at.screen === 'question' ? at.at.name : at.repeat
  if (!outline.nodes.has(name)) return first()
  if (at.screen === 'roster') return form.isRelevant(answers, { name: at.repeat }) ? at : first()
  const [repeat, row] = at.screen === 'member' ? [at.repeat, at.row] : [at.at.repeat, at.at.row]
  if (repeat !== undefined && !rowsOf(answers, repeat).some(({ _id }) => _id === row)) return { screen: 'roster', repeat }
  if (at.screen === 'member' || form.isRelevant(answers, at.at)) return at
  return placeBefore(form, outline, answers, at) ?? first()
}

/** Where a new interview begins: at the first screen that the phone could not fill in itself. */
export function firstPlace(form: Form, outline: Outline, answers: Answers): DraftPlace {
  const pages = householdPages(form, outline, answers)
  return toDraftPlace(pages.find((page) => page.kind === 'roster' || valueAt(answers, page.place) === undefined) ?? pages[0])
}

function after(form: Form, outline: Outline, answers: Answers, name: string): DraftPlace {
  return toDraftPlace(householdPages(form, outline, answers).find((each) => orderOf(outline, nameOf(each)) > orderOf(outline, name)))
}

function nameOf(page: Page): string {
  return page.kind === 'question' ? page.place.name : page.repeat.name
}

function orderOf({ order }: Outline, name: string): number {
  return order.get(name) ?? 0
}

/** Question pages of a member or the household that a section list can jump to. */
export function placeIn(name: string, outline: Outline, row: string | undefined): Place {
  return placeOf(name, outline.nodes.get(name)?.repeat?.name, row)
}
