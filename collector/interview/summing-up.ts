import type { Place } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import type { Question } from '../../schemas/questionnaire.ts'
import { isConfirmed } from './checks.ts'
import type { Session } from './session.ts'

/** What stands between an interview and its end. */
export interface SummingUp {
  /** Required questions without an answer. */
  readonly missing: readonly Place[]
  /** Wrong answers and blocking checks. */
  readonly blocking: readonly Problem[]
  /** Warnings that nobody confirmed. */
  readonly warnings: readonly Problem[]
  readonly confirmed: readonly Problem[]
  /** The household said No to the interview. */
  readonly refused: boolean
  /** The question that holds the result of the visit. */
  readonly outcome: Question | undefined
  /** The result says more than "completed", so that missing answers are explained. */
  readonly isExplained: boolean
}

const visitResult = 'visit-result'

/** Looks over the whole interview, without the answers that completion prunes. */
export function sumUp({ form, outline, draft }: Pick<Session, 'form' | 'outline' | 'draft'>): SummingUp {
  const { answers } = form.prune(draft.answers)
  const problems = form.validate(answers)
  const warnings = problems.filter(({ severity }) => severity === 'warning')
  const questions = [...outline.nodes.values()].flatMap(({ item }) => (item.kind === 'question' ? [item] : []))
  const outcome = questions.find(({ concept }) => concept?.split('/')[0] === visitResult)
  const completed = outcome && form.choices(answers, { name: outcome.name })[0]?.name
  const result = outcome && answers[outcome.name]
  return {
    missing: problems.filter(({ kind }) => kind === 'required').map(({ place }) => place),
    blocking: problems.filter(({ kind, severity }) => severity === 'blocking' && kind !== 'required'),
    warnings: warnings.filter((each) => !isConfirmed(draft.overrides, each)),
    confirmed: warnings.filter((each) => isConfirmed(draft.overrides, each)),
    refused: questions.some(({ consent, name }) => consent === 'interview' && answers[name] === '0'),
    outcome,
    isExplained: result !== undefined && result !== completed,
  }
}

/** True when nothing keeps the interview open; what is missing must be explained by the result of the visit. */
export function canFinish({ missing, blocking, warnings, isExplained }: SummingUp): boolean {
  return isExplained || (missing.length === 0 && blocking.length === 0 && warnings.length === 0)
}
