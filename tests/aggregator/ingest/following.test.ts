import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Field, openField } from './field.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
})
afterEach(() => field.close())

describe('following', () => {
  it('takes in a record at once, and those that trickle in after it together', async () => {
    const commits: number[] = []
    const all = new Promise<void>((resolve) =>
      field.ingest.onCommit(({ accepted }) => {
        commits.push(accepted)
        if (commits.reduce((sum, each) => sum + each, 0) === 5) resolve()
      }),
    )
    const first = new Promise((resolve) => field.ingest.onCommit(resolve))
    field.ingest.follow()
    await field.send({ number: 1 })
    await first
    for (const number of [2, 3, 4, 5]) {
      await field.send({ number })
      await setTimeout(20)
    }
    await all
    expect(commits[0]).toBe(1)
    // On a machine that is slow a second pair of hands may be needed.
    expect(commits.length).toBeLessThan(4)
    await field.ingest.stop()
  })

  it('gives others their turn however long records keep coming', async () => {
    const trickle = { over: false }
    const sending = (async () => {
      for (let number = 1; !trickle.over; number++) {
        await field.send({ number })
        await setTimeout(50)
      }
    })()
    const first = new Promise((resolve) => field.ingest.onCommit(resolve))
    field.ingest.follow()
    await first
    const late = new AbortController()
    expect(await Promise.race([field.ingest.retry(), setTimeout(5_000, 'waited', { signal: late.signal })])).not.toBe('waited')
    late.abort()
    trickle.over = true
    await sending
    await field.ingest.stop()
  })
})
