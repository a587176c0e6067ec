import type { Schedule, Step } from './schedule.ts'

/**
 * A shorter schedule that still fails: steps are taken out, largest pieces first, then single faults.
 * @param fails runs a schedule and says whether it breaks the same promise.
 */
export async function shrink(schedule: Schedule, fails: (schedule: Schedule) => Promise<boolean>): Promise<Schedule> {
  let best = schedule
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.steps.length; ) {
      const shorter = { ...best, steps: best.steps.toSpliced(at, size) }
      if (shorter.steps.length < best.steps.length && (await fails(shorter))) best = shorter
      else at += size
    }
  }
  return withFewerFaults(best, fails)
}

async function withFewerFaults(schedule: Schedule, fails: (schedule: Schedule) => Promise<boolean>): Promise<Schedule> {
  let best = schedule
  for (const at of best.steps.keys()) {
    for (const simpler of simplerSteps(best.steps[at])) {
      const tried = { ...best, steps: best.steps.with(at, simpler) }
      if (await fails(tried)) best = tried
    }
  }
  return best
}

function simplerSteps(step: Step | undefined): readonly Step[] {
  if (step?.do === 'sync') {
    const fewer = step.faults.map((_fault, at): Step => ({ ...step, faults: step.faults.toSpliced(at, 1) }))
    return step.killAt === undefined ? fewer : [{ do: 'sync', phone: step.phone, faults: step.faults }, ...fewer]
  }
  if (step?.do === 'interview' && step.count > 1) return [{ ...step, count: 1 }]
  return []
}
