import type { Answers } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import type { Interview } from '../../schemas/interview/interview.ts'
import type { Receipt, Round } from '../../schemas/generated/records.ts'
import { permits } from '../custody/consent.ts'
import { type WriteRows, writeAnswers } from './flatten.ts'
import { isRows, withIdentity, withoutIdentifiers } from './merge-identity.ts'
import type { Edition } from './questionnaire-library.ts'
import type { MembersOf } from './link-fields.ts'
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
  readonly flags: readonly Flag[]
  /** Writes the answers: recalculated, without direct identifiers, and only as much as consent covers. Valid until the next record is judged. */
  readonly write: WriteRows
  /** The listing number, for the household's pseudonym; forgotten right after. */
  readonly listingNumber: string | null
  readonly purposes: Interview['consent']['purposes']
  readonly members: number
  readonly minutes: number
  /** The members as they were answered for; valid as long as `write`. */
  readonly membersOf: MembersOf
}

/**
 * Judges an opened interview with its own questionnaire version: shape, rules, consent. The phone's own checks are not believed:
 * every rule and every calculation is done again here, by the compiled rules; by the interpreter where an answer is not what the form
 * could have taken, and where there is no consent.
 */
export function judge(opened: OpenedRecord, edition: Edition, round: Round): Judgement {
  const { interview, identity } = opened
  return {
    ...(compiledJudgement(opened, edition, round) ?? interpreted(opened, edition, round)),
    listingNumber: edition.listingNumber(identity),
    minutes: Math.round((Date.parse(interview.finished) - Date.parse(interview.started)) / 60_000),
  }
}

type Verdict = Pick<Judgement, 'flags' | 'write' | 'members' | 'purposes' | 'membersOf'>

function compiledJudgement({ interview, answers, isRead, identity }: OpenedRecord, edition: Edition, round: Round): Verdict | null {
  const { compiled } = edition
  if (compiled === null) return null
  const { rules, write } = compiled
  const context = edition.context(interview.finished.slice(0, 10), interview.finished, round)
  const problems = isRead ? rules.settleRead(identity, context) : rules.settle(answers(), identity, context)
  if (problems === null) return null
  const flags = problems.length === 0 ? none : problems.map(asFlag)
  const purposes = edition.consentOf(rules.given, interview.consent.purposes)
  // Judged as a whole; kept is only what was noted before they said no.
  if (!permits(purposes, 'load-answers') && rules.settle(edition.withoutConsent(answers()), null, context) === null) return null
  return { flags, purposes, write, members: rules.mostRows(), membersOf: rules.membersOf }
}

const none: readonly Flag[] = Object.freeze([])

function interpreted({ interview, answers: read, identity }: OpenedRecord, edition: Edition, round: Round): Verdict {
  const { identifiers, layouts } = edition
  const answers = read()
  const purposes = edition.consentOf((name) => answers[name], interview.consent.purposes)
  const form = edition.form(interview.finished.slice(0, 10), interview.finished, round)
  const broken = edition.checkAnswers.breach(answers)
  const whole = form.calculate(withIdentity(answers, identity))
  const problems = broken ? [] : form.validate(whole)
  const kept = permits(purposes, 'load-answers') ? whole : form.calculate(edition.withoutConsent(answers))
  return {
    flags: [
      ...(broken ? [{ code: 'record-malformed', severity: 'blocking' as const, ...(broken.name !== '' && { name: broken.name }) }] : []),
      ...misplacedIdentifiers(answers, identifiers).map((name) => ({
        code: 'identifier-misplaced',
        severity: 'blocking' as const,
        name,
      })),
      ...problems.map(asFlag),
    ],
    purposes,
    // Rows that break the form itself have no place in a table; the sealed original is kept for the correction.
    write: broken ? () => undefined : writeAnswers(withoutIdentifiers(kept, identifiers), layouts),
    members: Math.max(0, ...Object.values(kept).map((value) => (isRows(value) ? value.length : 0))),
    membersOf: (repeat) => {
      const rows = answers[repeat]
      return isRows(rows) ? rows : []
    },
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
