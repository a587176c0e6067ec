import type { Answers } from '../../schemas/interview/answers.ts'
import type { Consent } from '../../schemas/interview/interview.ts'
import type { Item, Purpose, Question, Questionnaire } from '../../schemas/questionnaire.ts'

/** What the aggregator may want to do with an interview. */
export const stages = ['count-visit', 'load-answers', 'tabulate', 'extract', 'keep-identity', 'recontact', 'refer', 'link'] as const
export type Stage = (typeof stages)[number]

/** Any one of the purposes opens the stage; an empty list needs no consent (that a door was knocked on is the office's own fact). */
const opens: Readonly<Record<Stage, readonly Purpose[]>> = {
  'count-visit': [],
  'load-answers': ['interview'],
  tabulate: ['interview'],
  extract: ['sharing'],
  'keep-identity': ['recontact', 'referral'],
  recontact: ['recontact'],
  refer: ['referral'],
  link: ['linking'],
}

/** The consent gate. Every stage asks it; without consent to the interview nothing but the visit itself is open. */
export function permits(purposes: Consent['purposes'], stage: Stage): boolean {
  const needed = opens[stage]
  if (needed.length === 0) return true
  return purposes.interview === true && needed.some((purpose) => purposes[purpose] === true)
}

/**
 * Consent as the answers say it, held against what the phone wrote beside them: a purpose stands only when both say yes.
 * A questionnaire that does not ask for a purpose has no consent to it, except that one without any consent question
 * (a listing form, a facility) is governed by the phone's statement alone.
 */
export function consentOf(questionnaire: Questionnaire, answers: Answers, stated: Consent['purposes']): Consent['purposes'] {
  return consentIn(questionnaire)((name) => answers[name], stated)
}

/** The answer to a question of the household. */
export type AnswerTo = (name: string) => Answers[string] | undefined

/** `consentOf` of one questionnaire, for many interviews. */
export function consentIn({ items }: Questionnaire): (answerTo: AnswerTo, stated: Consent['purposes']) => Consent['purposes'] {
  const asked = flat(items).flatMap(({ name, consent }) => (consent === undefined ? [] : [{ name, consent }]))
  return (answerTo, stated) => {
    if (asked.length === 0) return stated
    const purposes: Partial<Record<Purpose, boolean>> = {}
    for (const { name, consent } of asked) purposes[consent] = answerTo(name) === '1' && stated[consent] === true
    return purposes
  }
}

/**
 * What may be kept when the household said no: what the interviewer noted before asking for consent, and the answer itself.
 * Everything the household said is dropped, at any place in the form.
 */
export function withoutConsent(questionnaire: Questionnaire, answers: Answers): Answers {
  return withoutConsentIn(questionnaire)(answers)
}

/** `withoutConsent` of one questionnaire, for many interviews. */
export function withoutConsentIn({ items }: Questionnaire): (answers: Answers) => Answers {
  const kept = new Set<string>()
  for (const question of flat(items)) {
    if (question.consent === 'interview') {
      kept.add(question.name)
      break
    }
    const ofTheOffice = question.whoAnswers === 'interviewer' || question.type === 'hidden'
    if (ofTheOffice && question.sensitivity === 'ordinary') kept.add(question.name)
  }
  return (answers) => Object.fromEntries(Object.entries(answers).filter(([name]) => kept.has(name)))
}

function flat(items: readonly Item[]): readonly Question[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item] : flat(item.items)))
}
