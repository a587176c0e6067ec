import { describe, expect, it } from 'vitest'
import { consentOf, permits, type Stage, stages, withoutConsent } from '../../../aggregator/custody/consent.ts'
import type { Purpose } from '../../../schemas/questionnaire.ts'
import { homeSurvey } from '../ingest/home-survey.ts'

/** Every purpose alone beside the interview, against every stage: x is allowed. */
const matrix: readonly (readonly [string, readonly Purpose[], Readonly<Record<Stage, boolean>>])[] = [
  ['nothing', [], row('x.......')],
  ['interview', ['interview'], row('xxx.....')],
  ['interview and sharing', ['interview', 'sharing'], row('xxxx....')],
  ['interview and re-contact', ['interview', 'recontact'], row('xxx.xx..')],
  ['interview and referral', ['interview', 'referral'], row('xxx.x.x.')],
  ['interview and linking', ['interview', 'linking'], row('xxx....x')],
  ['everything', ['interview', 'sharing', 'recontact', 'referral', 'linking'], row('xxxxxxxx')],
  ['everything but the interview', ['sharing', 'recontact', 'referral', 'linking'], row('x.......')],
]

function row(marks: string): Readonly<Record<Stage, boolean>> {
  return Object.fromEntries(stages.map((stage, at) => [stage, marks[at] === 'x'])) as Record<Stage, boolean>
}

describe('the consent gate', () => {
  it('judges these stages, in this order', () => {
    expect(stages).toEqual(['count-visit', 'load-answers', 'tabulate', 'extract', 'keep-identity', 'recontact', 'refer', 'link'])
  })

  it.each(matrix)('with consent to %s opens exactly the stages it covers', (_, purposes, allowed) => {
    const consent = Object.fromEntries(purposes.map((purpose) => [purpose, true]))
    expect(Object.fromEntries(stages.map((stage) => [stage, permits(consent, stage)]))).toEqual(allowed)
  })

  it('takes an unanswered purpose and a no for the same', () => {
    for (const stage of stages) expect(permits({ interview: true, sharing: false }, stage)).toBe(permits({ interview: true }, stage))
  })
})

describe('consent in the answers', () => {
  it('stands only where the answer and the phone both say yes', () => {
    const answers = { A07: '1', A08: '1', A10: '0' }
    expect(consentOf(homeSurvey, answers, { interview: true, sharing: false, recontact: true, linking: true })).toEqual({
      interview: true,
      sharing: false,
      recontact: false,
    })
  })

  it('is what the phone says where the questionnaire has no consent question', () => {
    expect(consentOf({ ...homeSurvey, items: [] }, {}, { interview: true })).toEqual({ interview: true })
  })
})

describe('answers without consent', () => {
  it('are only what the interviewer noted before asking, and the no itself', () => {
    const answers = { A02: 'x', A03: '1', A07: '0', A08: '1', Q01: 'words', person: [{ _id: 'm0', B05: 3 }], size: 1 }
    expect(withoutConsent(homeSurvey, answers)).toEqual({ A03: '1', A07: '0' })
  })
})
