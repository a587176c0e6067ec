import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../schemas/interview/answers.ts'
import type { Conduct } from '../../../collector/interview/conduct.ts'
import { rowsOf } from '../../../collector/interview/values.ts'
import { startInterview } from './household.ts'

const here = (interview: Conduct) => {
  const { place } = interview.session().draft
  return place.screen === 'question' ? place.at.name : place.screen
}

async function answer(interview: Conduct, value: Answer): Promise<boolean> {
  const { place } = interview.session().draft
  if (place.screen !== 'question') throw new Error(`no question here but ${place.screen}`)
  interview.answer(place.at, value)
  return interview.next()
}

/** Opens the door: everything up to the roster, with consent to everything. */
async function toRoster(interview: Conduct): Promise<void> {
  for (const value of ['04-12', '1', 'fil', '1', '1'] as const) expect(await answer(interview, value)).toBe(true)
  expect(here(interview)).toBe('consent_intro')
  await interview.next()
  for (const value of ['1', '1', '0', '0', '0', '1'] as const)
    expect([here(interview), await answer(interview, value), interview.session().problems]).toEqual([expect.anything(), true, []])
  while (here(interview) !== 'roster') await interview.next()
}

describe('an interview', () => {
  it('begins at the first question that the phone could not answer itself', async () => {
    const { conduct } = await startInterview()
    expect(here(conduct)).toBe('A02')
    expect(conduct.session().draft.answers.A01).toBe('0402109001')
  })

  it('stays on a required question without an answer and says why', async () => {
    const { conduct } = await startInterview()
    expect(await conduct.next()).toBe(false)
    expect(here(conduct)).toBe('A02')
    expect(conduct.session().problems).toEqual([{ kind: 'required', severity: 'blocking', place: { name: 'A02' } }])
  })

  it('forgets what it found wrong as soon as the answer changes', async () => {
    const { conduct } = await startInterview()
    await conduct.next()
    conduct.answer({ name: 'A02' }, '04-12')
    expect(conduct.session().problems).toEqual([])
  })

  it('goes back to the answer that was given', async () => {
    const { conduct } = await startInterview()
    await answer(conduct, '04-12')
    await conduct.back()
    expect(here(conduct)).toBe('A02')
    expect(conduct.session().draft.answers.A02).toBe('04-12')
  })

  it('shows the next question only when the answer is durable', async () => {
    const { conduct, phone } = await startInterview()
    conduct.answer({ name: 'A02' }, '04-12')
    await conduct.next()
    expect([...phone.drafts.values()][0]?.answers.A02).toBe('04-12')
    expect(here(conduct)).toBe('A03')
  })

  it('stays where it is while the phone cannot save, and goes on when it can', async () => {
    const { conduct, phone } = await startInterview()
    phone.failSaving(true)
    conduct.answer({ name: 'A02' }, '04-12')
    await expect(conduct.next()).rejects.toMatchObject({ code: 'keep.full' })
    expect([here(conduct), conduct.saving()]).toEqual(['A02', 'failed'])
    phone.failSaving(false)
    expect(await conduct.next()).toBe(true)
    expect([here(conduct), conduct.session().draft.answers.A02]).toEqual(['A03', '04-12'])
  })

  it('opens again on the same question after a crash', async () => {
    const interview = await startInterview()
    await answer(interview.conduct, '04-12')
    await answer(interview.conduct, '1')
    await interview.conduct.settled()
    const again = await interview.reopen()
    expect(here(again.conduct)).toBe('A04')
    expect(again.conduct.session().draft.answers).toEqual(interview.conduct.session().draft.answers)
  })

  it('ends after a No, with nothing more to ask', async () => {
    const { conduct } = await startInterview()
    for (const value of ['04-12', '1', 'fil', '1', '1'] as const) await answer(conduct, value)
    await conduct.next()
    await answer(conduct, '0')
    expect(here(conduct)).toBe('summary')
  })
})

describe('the roster', () => {
  it('opens each member in any order and comes back to the cards after the last question', async () => {
    const { conduct } = await startInterview()
    await toRoster(conduct)
    const [first, second] = ['Amina', 'Ben'].map((name) => conduct.addMember('person', name))
    await conduct.go({ screen: 'question', at: { name: 'B02', repeat: 'person', row: second ?? '' } })
    await conduct.back()
    expect(conduct.session().draft.place).toEqual({ screen: 'question', at: { name: 'B01', repeat: 'person', row: second } })
    await conduct.back()
    expect(conduct.session().draft.place).toEqual({ screen: 'roster', repeat: 'person' })
    expect(rowsOf(conduct.session().draft.answers, 'person').map(({ _id }) => _id)).toEqual([first, second])
  })

  it('brings a deleted member back with every answer and at the same place', async () => {
    const { conduct } = await startInterview()
    await toRoster(conduct)
    const ids = ['Amina', 'Ben', 'Carla'].map((name) => conduct.addMember('person', name))
    conduct.answer({ name: 'B05', repeat: 'person', row: ids[1] ?? '' }, 12)
    const before = conduct.session().draft.answers
    conduct.removeMember('person', ids[1] ?? '')
    expect(rowsOf(conduct.session().draft.answers, 'person')).toHaveLength(2)
    conduct.undoRemove()
    expect(conduct.session().draft.answers).toEqual(before)
  })
})

describe('a check between answers', () => {
  const withHead = async () => {
    const { conduct } = await startInterview()
    await toRoster(conduct)
    const row = conduct.addMember('person', 'Amina')
    const at = (name: string) => ({ name, repeat: 'person', row })
    return { conduct, row, at }
  }

  it('speaks on the second of the answers it compares, and may be left for later', async () => {
    const { conduct, at } = await withHead()
    conduct.answer(at('B04'), '1990-04-01')
    await conduct.go({ screen: 'question', at: at('B05') })
    conduct.answer(at('B05'), 15)
    expect(await conduct.next()).toBe(false)
    expect(conduct.session().problems).toEqual([{ kind: 'check', severity: 'blocking', place: at('X01') }])
    expect(await conduct.next()).toBe(true)
  })

  it('asks about what is unusual and takes a yes, until an answer it rests on changes', async () => {
    const { conduct, at } = await withHead()
    conduct.answer(at('B05'), 16)
    await conduct.go({ screen: 'question', at: at('B09') })
    conduct.answer(at('B09'), 'M')
    expect(await conduct.next()).toBe(false)
    const problem = conduct.session().problems.find(({ place }) => place.name === 'X05_near')
    if (!problem) throw new Error('the check did not speak')
    expect(await conduct.next()).toBe(false)
    conduct.confirm(problem, 'asked-again')
    expect(conduct.session().draft.overrides).toEqual([{ check: 'X05_near', place: at('X05_near'), reason: 'asked-again' }])
    expect(await conduct.next()).toBe(true)
    conduct.answer(at('B05'), 17)
    expect(conduct.session().draft.overrides).toEqual([])
  })
})

describe('what is noted about the interview itself', () => {
  it('counts a changed answer as an edit, a first one not', async () => {
    const { conduct } = await startInterview()
    await answer(conduct, '04-12')
    expect(conduct.session().draft.edits).toBe(0)
    await conduct.back()
    await answer(conduct, '04-13')
    expect(conduct.session().draft.edits).toBe(1)
  })
})
