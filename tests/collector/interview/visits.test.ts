import { describe, expect, it } from 'vitest'
import { openSession } from '../../../collector/interview/open-session.ts'
import { isToComeBack, listedHome, nextNumber } from '../../../collector/interview/visits.ts'
import type { Draft } from '../../../collector/phone.ts'
import { fakeRound } from '../../support/fake-phone.ts'
import { noon, questionnaire, startInterview } from './household.ts'

const reopened = (draft: Draft) => openSession(questionnaire, fakeRound, draft, noon().getTime()).draft
const tomorrow = { day: '2026-11-22', part: 'morning' } as const

describe('a home that is listed', () => {
  it('has its number and waits for a first visit', async () => {
    const { conduct } = await startInterview()
    const home = listedHome(conduct.session(), '04-12')
    expect(home).toMatchObject({ visits: 0, answers: { A02: '04-12' }, place: { screen: 'question', at: { name: 'A03' } } })
  })

  it('is visited for the first time when it is opened', async () => {
    const { conduct } = await startInterview()
    expect(reopened(listedHome(conduct.session(), '04-12'))).toMatchObject({ visits: 1, interruptions: 0 })
  })

  it.each([
    [['04-09', '04-10', '04-2'], '04-11'],
    [['B099'], 'B100'],
    [['007'], '008'],
    [[], ''],
    [['the blue house'], ''],
  ])('after %j is offered the number %j', (labels, next) => {
    expect(
      nextNumber(
        labels.map((label) => ({ label, area: 'a' })),
        'a',
      ),
    ).toBe(next)
  })

  it('takes no number from another area', () => {
    expect(nextNumber([{ label: '12', area: 'b' }], 'a')).toBe('')
  })
})

describe('a visit', () => {
  it.each([
    ['1', false],
    ['2', true],
    ['3', true],
    ['4', false],
    ['6', false],
    ['9', false],
  ])('with the result %s is to be repeated: %s', async (result, isRepeated) => {
    const { conduct } = await startInterview()
    conduct.answer({ name: 'A03' }, result)
    const { form, outline, draft } = conduct.session()
    expect(isToComeBack(form, outline, draft.answers)).toBe(isRepeated)
  })

  it('where nobody was at home is asked for its result anew next time', async () => {
    const { conduct, phone } = await startInterview()
    conduct.answer({ name: 'A02' }, '04-12')
    await conduct.next()
    conduct.answer({ name: 'A03' }, '3')
    await conduct.next()
    await conduct.appoint(tomorrow)
    const kept = [...phone.drafts.values()][0]
    expect(kept).toMatchObject({ appointment: tomorrow, place: { screen: 'summary' } })
    if (!kept) throw new Error('nothing was kept')
    const next = reopened(kept)
    expect(next).toMatchObject({ visits: 2, place: { screen: 'question', at: { name: 'A03' } } })
    expect(next).not.toHaveProperty('appointment')
  })

  it('that stopped in the middle goes on where it stopped', async () => {
    const { conduct, phone } = await startInterview()
    for (const [name, value] of Object.entries({ A02: '04-12', A03: '2', A06: '1', A07: '1' })) conduct.answer({ name }, value)
    conduct.addMember('person', 'Amina')
    await conduct.go({ screen: 'roster', repeat: 'person' })
    await conduct.appoint(tomorrow)
    const kept = [...phone.drafts.values()][0]
    expect(kept && reopened(kept).place).toEqual({ screen: 'roster', repeat: 'person' })
  })
})

describe('what is noted of the course of an interview', () => {
  it('counts an interruption when it is left and opened again', async () => {
    const opened = await startInterview()
    opened.conduct.answer({ name: 'A02' }, '04-12')
    await opened.conduct.next()
    const again = await opened.reopen()
    expect(again.conduct.session().draft).toMatchObject({ interruptions: 1 })
    expect(again.conduct.session().draft).not.toHaveProperty('visits')
  })

  it('counts a screen that was away for a minute, and not a look at the clock', async () => {
    const { conduct } = await startInterview()
    conduct.backAgain(5_000)
    expect(conduct.session().draft.interruptions).toBe(0)
    conduct.backAgain(60_000)
    expect(conduct.session().draft.interruptions).toBe(1)
  })

  it('does not count the time away as time on the question', async () => {
    const { conduct } = await startInterview()
    conduct.answer({ name: 'A02' }, '04-12')
    // The clock of the test stands still: time away then makes the question negative, and it counts as nothing.
    conduct.backAgain(30_000)
    await conduct.next()
    expect(conduct.session().draft.secondsByQuestion['A02']).toBe(0)
  })
})
