import type { Identity, Interview, Kind, QuestionnaireReference } from '../interview/interview.ts'
import type { SealedHalf } from './headers.ts'

/** What stands readable on a sealed record, so that it need not be sealed as well. */
export interface Cover {
  readonly _id: string
  readonly kind: Kind
  readonly replaces?: string
  readonly round: string
  readonly area: string
  readonly questionnaire: QuestionnaireReference
  /** Day only. */
  readonly finished: string
}

/**
 * What a part is bound to: the `aad` of its JWE (RFC 7516 5.1, step 14), which is never sent. Answers are bound to the whole cover, the identity to the
 * record's id alone, for in the vault nothing else is left of the record.
 */
export function boundTo(half: SealedHalf, { _id, kind, replaces, round, area, questionnaire, finished }: Cover): string {
  if (half === 'identity') return _id
  const { id, sha256, version } = questionnaire
  // Canonical JSON, its keys sorted here; without `replaces` where there is none.
  return JSON.stringify({ _id, area, finished, kind, questionnaire: { id, sha256, version }, replaces, round })
}

/** The text of the answers part: the interview without what its cover says. */
export function insideOf(interview: Interview): string {
  const {
    schema: _,
    id: _id,
    kind: _kind,
    replaces: _replaces,
    round: _round,
    area: _area,
    questionnaire: _form,
    device: _device,
    ...inside
  } = interview
  return JSON.stringify(inside)
}

/** The text of the identity part. */
export function identityInside({ answers, rows }: Identity): string {
  return JSON.stringify({ answers, rows })
}

/** The interview again. What an older phone sealed inside as well stays as it is, for whoever compares it with the cover. */
export function withCover(inside: object, { _id, kind, replaces, round, area, questionnaire }: Cover): object {
  const device = _id.split(':')[1] ?? ''
  const outside = { schema: 'interview/1', id: _id, kind, ...(replaces !== undefined && { replaces }), round, area, questionnaire, device }
  return { ...outside, ...inside }
}

export function identityWithId(inside: object, id: string): object {
  return { schema: 'identity/1', id, ...inside }
}
