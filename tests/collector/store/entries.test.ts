import { describe, expect, it } from 'vitest'
import { type Entry, isAnswered, safeIds, withReceipt } from '../../../collector/store/entries.ts'

const entry = (id: string, change: Partial<Entry> = {}): Entry => ({
  id,
  kind: 'interview',
  sha256: 'a',
  state: 'accepted',
  reasons: [],
  outbox: 'o',
  backedUp: true,
  label: '',
  area: '',
  updated: '',
  ...change,
})

describe('what the phone may let go of', () => {
  it('is a record that is accepted and in a backup, and no other', () => {
    expect([
      ...safeIds([entry('a'), entry('b', { backedUp: false }), entry('c', { state: 'received' }), entry('d', { state: 'held' })]),
    ]).toEqual(['a'])
  })

  it('is a held record together with the correction that took its place', () => {
    const held = entry('a', { state: 'held', backedUp: false })
    expect([...safeIds([held])]).toEqual([])
    expect([...safeIds([held, entry('b', { replaces: 'a', backedUp: false })])]).toEqual([])
    expect([...safeIds([held, entry('b', { replaces: 'a' })])].toSorted()).toEqual(['a', 'b'])
  })
})

describe('a receipt', () => {
  const receipt = { schema: 'receipt/1', id: 'a', sha256: 'a', status: 'accepted', reasons: [], seq: 1, backedUp: false } as const

  it('counts only for the bytes the phone has', () => {
    const received = entry('a', { state: 'received' })
    expect(withReceipt(received, { ...receipt, reasons: [] }, 'now').state).toBe('accepted')
    expect(withReceipt(received, { ...receipt, reasons: [], sha256: 'b' }, 'now')).toBe(received)
  })

  it('is waited for until there is one, or the correction has one', () => {
    const held = entry('a', { state: 'held' })
    expect(isAnswered(entry('a', { state: 'received' }), [])).toBe(false)
    expect(isAnswered(held, [held])).toBe(false)
    expect(isAnswered(held, [held, entry('b', { replaces: 'a' })])).toBe(true)
  })
})
