import type { Answers } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import type { Interview } from '../../schemas/interview/interview.ts'
import type { Receipt, Round } from '../../schemas/generated/records.ts'
import { consentOf, permits, withoutConsent } from '../custody/consent.ts'
import { isRows, withIdentity, withoutIdentifiers } from './merge-identity.ts'
import type { Edition } from './questionnaire-library.ts'
import type { OpenedRecord } from './read-record.ts'

export type Reason = Receipt['reasons'][number]

export interface Flag {
  readonly code: string
  readonly severity: 'note' | 'warning' | 'blocking'
  readonly name?: string
  readonly row?: string
}

/** What the aggregator makes of one interview. */
export interface Judgement {
  readonly status: 'accepted' | 'held'
  readonly reasons: readonly Reason[]
  readonly flags: readonly Flag[]
  /** Recalculated, without direct identifiers, and only as much as consent covers. */
  readonly answers: Answers
  /** The listing number, for the household's pseudonym; forgotten right after. */
  readonly listingNumber: string | null
  readonly purposes: Interview['consent']['purposes']
  readonly members: number
  readonly minutes: number
}

/**
 * Judges an opened interview with its own questionnaire version: shape, rules, consent. The phone's own checks are not believed:
 * every rule and every calculation is done again here.
 */
export function judge({ interview, identity }: OpenedRecord, edition: Edition, round: Round): Judgement {
  const { questionnaire, identifiers } = edition
  const form = edition.form(interview.finished.slice(0, 10), interview.finished, round)
  const purposes = consentOf(questionnaire, interview.answers, interview.consent.purposes)
  const misplaced = misplacedIdentifiers(interview.answers, identifiers)
  const broken = edition.checkAnswers(interview.answers)

  const whole = form.calculate(withIdentity(interview.answers, identity))
  const problems = broken ? [] : form.validate(whole)
  const flags: Flag[] = [
    ...(broken ? [{ code: 'record-malformed', severity: 'blocking' as const, ...(broken.name !== '' && { name: broken.name }) }] : []),
    ...misplaced.map((name) => ({ code: 'identifier-misplaced', severity: 'blocking' as const, name })),
    ...problems.map(asFlag),
  ]
  const blocking = flags.filter(({ severity }) => severity === 'blocking')
  const kept = permits(purposes, 'load-answers') ? whole : form.calculate(withoutConsent(questionnaire, interview.answers))
  return {
    status: blocking.length > 0 ? 'held' : 'accepted',
    reasons: blocking.map(({ code, name, row }) => ({ code, ...(name !== undefined && { name }), ...(row !== undefined && { row }) })),
    flags,
    answers: withoutIdentifiers(kept, identifiers),
    listingNumber: edition.listingNumber(identity),
    purposes,
    members: Math.max(0, ...Object.values(kept).map((value) => (isRows(value) ? value.length : 0))),
    minutes: Math.round((Date.parse(interview.finished) - Date.parse(interview.started)) / 60_000),
  }
}

/** A direct identifier among the answers would stand in the warehouse in clear: it is dropped, and the record held. */
function misplacedIdentifiers(answers: Answers, identifiers: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>()
  for (const [name, value] of Object.entries(answers)) {
    if (identifiers.has(name)) found.add(name)
    if (isRows(value)) for (const row of value) for (const each of Object.keys(row)) if (identifiers.has(each)) found.add(each)
  }
  return [...found]
}

function asFlag({ kind, severity, place }: Problem): Flag {
  const { name, row } = place
  return { code: kind === 'check' ? name : `answer-${kind}`, severity, name, ...(row !== undefined && { row }) }
}
