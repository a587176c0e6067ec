import type { Draft, RecordSummary } from '../phone.ts'
import type { Answer } from '../../schemas/interview/answers.ts'
import type { Item, Question, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Entry } from './entries.ts'

/** What the enumerator calls the home: the first direct identifier that was answered at household level, usually the home number. */
export function labelOf({ answers }: Pick<Draft, 'answers'>, questionnaire: Questionnaire): string {
  for (const { name } of householdQuestions(questionnaire.items).filter(({ sensitivity }) => sensitivity === 'direct identifier')) {
    const answer = answers[name] as Answer | undefined
    if ((typeof answer === 'string' && answer !== '98' && answer !== '99') || typeof answer === 'number') return String(answer)
  }
  return ''
}

function householdQuestions(items: readonly Item[]): readonly Question[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item] : item.kind === 'group' ? householdQuestions(item.items) : []))
}

/** Today's list: drafts first, then finished records, the latest first. */
export function summaries(
  drafts: readonly Draft[],
  entries: readonly Entry[],
  questionnaireOf: (draft: Draft) => Questionnaire | undefined,
  comments: ReadonlyMap<string, string> = new Map(),
): readonly RecordSummary[] {
  const latestFirst = (a: RecordSummary, b: RecordSummary) => (a.updated < b.updated ? 1 : a.updated > b.updated ? -1 : 0)
  const open = drafts.map((draft): RecordSummary => {
    const questionnaire = questionnaireOf(draft)
    const { id, area, updated, practice, visits, appointment, torn } = draft
    const label = questionnaire ? labelOf(draft, questionnaire) : ''
    return {
      id,
      state: 'draft',
      label,
      area,
      updated,
      practice,
      reasons: [],
      isListed: visits === 0,
      ...(appointment && { appointment }),
      ...(torn && { torn }),
    }
  })
  const finished = entries.map(({ id, state, label, area, updated, reasons, withdrawalCode }): RecordSummary => {
    const comment = state === 'held' ? comments.get(id) : undefined
    const about = { ...(withdrawalCode && { withdrawalCode }), ...(comment && { comment }) }
    return { id, state, label, area, updated, practice: false, reasons, ...about }
  })
  return [...open.sort(latestFirst), ...finished.sort(latestFirst)]
}
