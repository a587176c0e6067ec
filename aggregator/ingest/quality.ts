import type { Interview } from '../../schemas/interview/interview.ts'
import type { Flag, Judgement } from './judge.ts'

/** Shorter than this with two or more members is implausible (X18), in minutes. */
const shortestMinutes = 10
/** Nobody interviews at night: local hours by the device's clock, from and until. */
const night = { from: 22, until: 5 }

/** What one interview shows about how it was made. Warnings for the supervisor, never a reason to hold. */
export function qualityFlags(
  { started }: Pick<Interview, 'started'>,
  { members, minutes, purposes }: Pick<Judgement, 'members' | 'minutes' | 'purposes'>,
): readonly Flag[] {
  if (purposes.interview !== true) return []
  const hour = Number(started.slice(11, 13))
  return [
    ...(members >= 2 && minutes < shortestMinutes ? [{ code: 'short-interview', severity: 'warning' as const }] : []),
    ...(minutes < 0 || minutes > 24 * 60 ? [{ code: 'clock-implausible', severity: 'warning' as const }] : []),
    ...(hour >= night.from || hour < night.until ? [{ code: 'night-interview', severity: 'warning' as const }] : []),
  ]
}
