import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lockWhenIdle } from '../../../collector/store/auto-lock.ts'
import type { PhoneState } from '../../../collector/phone.ts'

const minutes = (count: number) => count * 60_000
const heard = new Map<string, () => void>()
let kind: PhoneState['kind'] = 'open'
let locks = 0
let now = 0

beforeEach(() => {
  vi.useFakeTimers()
  const listen = (event: string, listener: () => void) => heard.set(event, listener)
  vi.stubGlobal('addEventListener', listen)
  vi.stubGlobal('document', { addEventListener: listen })
  ;[kind, locks, now] = ['open', 0, 0]
  const lock = async () => {
    locks++
    kind = 'locked'
  }
  lockWhenIdle({ state: () => ({ kind }) as PhoneState, lock }, () => now)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function pass(ms: number): void {
  now += ms
  vi.advanceTimersByTime(ms)
}

describe('a phone that nobody touches', () => {
  it('locks itself after five minutes', () => {
    pass(minutes(4.5))
    expect(locks).toBe(0)
    pass(minutes(0.5))
    expect(locks).toBe(1)
  })

  it('stays open while somebody works on it', () => {
    for (let minute = 0; minute < 20; minute++) {
      pass(minutes(1))
      heard.get('pointerdown')?.()
    }
    expect(locks).toBe(0)
  })

  it('locks at once when it is looked at again after its timers slept with the screen', () => {
    now += minutes(30)
    heard.get('visibilitychange')?.()
    expect(locks).toBe(1)
  })

  it('is not locked right after it was unlocked', () => {
    pass(minutes(30))
    kind = 'open'
    pass(minutes(4))
    expect(locks).toBe(1)
  })
})
