import type { Group, Question, Repeat } from '../../schemas/questionnaire.ts'
import type { DraftPlace } from '../phone.ts'
import { memberProgress } from './member-state.ts'
import { householdPages, toDraftPlace } from './pages.ts'
import type { Session } from './session.ts'
import { rowsOf, valueAt } from './values.ts'

/** One line of the list to jump in. */
export interface Section {
  readonly item: Group | Repeat | Question
  readonly place: DraftPlace
  /** Required questions without an answer. */
  readonly open: number
}

/** The sections of the household level that are asked now, in order; a roster is one section with all its members. */
export function sectionsOf({ form, outline, draft: { answers } }: Session): readonly Section[] {
  const sections = new Map<string, Section>()
  for (const page of householdPages(form, outline, answers)) {
    if (page.kind === 'roster') {
      const left = rowsOf(answers, page.repeat.name).map(({ _id }) => memberProgress(form, answers, page.repeat.name, _id).open)
      sections.set(page.repeat.name, {
        item: page.repeat,
        place: toDraftPlace(page),
        open: left.length === 0 ? 1 : left.reduce((sum, each) => sum + each, 0),
      })
      continue
    }
    const node = outline.nodes.get(page.place.name)
    if (node?.item.kind !== 'question') continue
    const item = node.groups[0] ?? node.item
    const isOpen = node.item.type !== 'note' && node.item.required !== undefined && valueAt(answers, page.place) === undefined
    const known = sections.get(item.name)
    sections.set(item.name, { item, place: known?.place ?? toDraftPlace(page), open: (known?.open ?? 0) + (isOpen ? 1 : 0) })
  }
  return [...sections.values()]
}
