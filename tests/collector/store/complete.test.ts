import { describe, expect, it } from 'vitest'
import { complete, withdrawalOf } from '../../../collector/store/complete.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { draftOf, noon, planted } from '../sync/sealed-records.ts'

const form = createForm(smallQuestionnaire, { today: '2026-03-01', now: noon })
const completion = { round: '2026-1', device: 'device000001', finished: noon, appVersion: '1.0.0', withdrawalCode: 'ABCD-2345' }
const draft = draftOf(smallQuestionnaire, 'device000001', { id: 'r:device000001:01J00000000000000000000000' })

describe('completing an interview', () => {
  const { interview, identity } = complete(draft, form, completion)

  it('moves every direct identifier to the identity, by household and by member', () => {
    expect(identity).toEqual({
      schema: 'identity/1',
      id: draft.id,
      answers: { home_number: planted.home, phone_number: planted.phone },
      rows: { person: { p1: { name: planted.name }, p2: { name: 'Bayani Dimaculangan' } } },
    })
  })

  it('leaves no identifier in the answers', () => {
    expect(interview.answers).toEqual({
      consent_interview: '1',
      consent_recontact: '0',
      consent_mode: '1',
      rooms: 3,
      person: [
        { _id: 'p1', sex: 'F', age: 34, lived_abroad: '1' },
        { _id: 'p2', sex: 'M', age: 9, lived_abroad: '0' },
      ],
    })
  })

  it('takes the consent from the questions that ask for it', () => {
    expect(interview.consent).toEqual({ purposes: { interview: true, recontact: false }, version: '1', language: 'en', mode: '1' })
  })

  it('writes the answers in the order of the form, so that their order tells nothing', () => {
    const turned = { ...draft, answers: Object.fromEntries(Object.entries(draft.answers).toReversed()) }
    expect(JSON.stringify(complete(turned, form, completion))).toBe(JSON.stringify({ interview, identity }))
  })

  it('keeps only long stops, in steps of ten seconds: anything finer would be a fingerprint', () => {
    expect(interview.paradata.secondsByQuestion).toEqual({ name: 10 })
  })

  it('makes no identity when nobody was named', () => {
    const nameless = { ...draft, answers: { consent_interview: '0' } }
    expect(complete(nameless, form, completion).identity).toBeNull()
  })
})

describe('taking an interview back', () => {
  it('names the record and the reason, and holds no answer', () => {
    const interview = withdrawalOf(
      { ...draft },
      { ...completion, id: 'r:device000001:01J00000000000000000000001', reason: 'asked-at-door' },
    )
    expect(interview).toMatchObject({ kind: 'withdrawal', replaces: draft.id, answers: {}, withdrawalCode: 'ABCD-2345' })
  })
})
