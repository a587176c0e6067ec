import { beforeAll, describe, expect, it } from 'vitest'
import { namedSchedules } from './named.ts'
import { makeSchedule, type Schedule } from './schedule.ts'
import { shrink } from './shrink.ts'
import { safeguards, type Undo } from './undo.ts'
import { openBench, runSchedule, type Bench } from './world.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})

const violations = async (schedule: Schedule, ...undo: Undo[]) => (await runSchedule(bench, schedule, new Set(undo))).violations

describe.each(namedSchedules)('$title', ({ schedule, safeguard }) => {
  it('loses nothing and counts nothing twice', async () => {
    expect(await violations(schedule)).toEqual([])
  })

  it(`fails without the safeguard ${safeguard}`, async () => {
    expect(await violations(schedule, safeguard)).not.toEqual([])
  })
})

describe('the harness', () => {
  it('shows every safeguard to be needed', () => {
    expect(new Set(namedSchedules.map(({ safeguard }) => safeguard))).toEqual(new Set(safeguards))
  })

  it('makes the same schedule of a seed every time, and runs it to the same end', async () => {
    expect(makeSchedule(7)).toEqual(makeSchedule(7))
    expect(makeSchedule(7)).not.toEqual(makeSchedule(8))
    const broken = new Set<Undo>(['receipts-ask-again'])
    const failing = await firstFailing(broken)
    expect(await runSchedule(bench, failing, broken)).toEqual(await runSchedule(bench, failing, broken))
  })

  it('shrinks a failing schedule to a short one that fails too', async () => {
    const broken: Undo = 'rows-are-checked-against-the-ledger'
    const failing = await firstFailing(new Set([broken]))
    const short = await shrink(failing, async (each) => (await violations(each, broken)).length > 0)
    expect(await violations(short, broken)).not.toEqual([])
    expect(short.steps.length).toBeLessThanOrEqual(5)
  })

  it('finds nothing in 150 schedules of chance', async () => {
    for (let seed = 1; seed <= 150; seed += 1)
      expect({ seed, violations: await violations(makeSchedule(seed)) }).toEqual({ seed, violations: [] })
  })
})

async function firstFailing(undo: ReadonlySet<Undo>): Promise<Schedule> {
  for (let seed = 1; ; seed += 1) {
    const schedule = makeSchedule(seed)
    if ((await runSchedule(bench, schedule, undo)).violations.length > 0) return schedule
  }
}
