import { describe, expect, it } from 'vitest'
import { gate } from '../../../aggregator/http/gate.ts'

describe('a gate', () => {
  it('lets only so many work at once, and everybody in line in turn', async () => {
    const pass = gate(2, 10)
    let [working, most] = [0, 0]
    const order: number[] = []
    const work = (number: number) => async () => {
      working += 1
      most = Math.max(most, working)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(number)
      working -= 1
    }
    await Promise.all([1, 2, 3, 4, 5].map((number) => pass(work(number))))
    expect([most, order]).toEqual([2, [1, 2, 3, 4, 5]])
  })

  it('turns away who finds the line full, and takes others in again later', async () => {
    const pass = gate(1, 1)
    let open = () => {}
    const first = pass(() => new Promise<void>((resolve) => (open = resolve)))
    const second = pass(async () => 'second')
    await expect(pass(async () => 'third')).rejects.toThrow(expect.objectContaining({ type: 'too-many-requests' }))
    open()
    await first
    expect(await second).toBe('second')
    expect(await pass(async () => 'fourth')).toBe('fourth')
  })

  it('gives the place free when the work fails', async () => {
    const pass = gate(1, 0)
    await expect(pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await pass(async () => 'next')).toBe('next')
  })
})
