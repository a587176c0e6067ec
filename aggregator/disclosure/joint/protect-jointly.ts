import type { DisclosurePolicy } from '../policy.ts'
import type { ProtectionCrew } from '../protection-crew.ts'
import { jointSystem, type ProtectedSystem } from './joint-system.ts'

export interface JointReport {
  /** Different counts, sums and subsets between them, small counts attacked. */
  readonly counts: number
  readonly relations: number
  readonly attacked: number
  readonly linearPrograms: number
  /** Printed figures withheld because another indicator would have given somebody away. */
  readonly withdrawn: number
}

export interface JointProtection {
  readonly systems: readonly ProtectedSystem[]
  /** Indicators whose small counts stay bounded by the others all the same. */
  readonly unsafe: readonly string[]
  readonly report: JointReport
}

/**
 * After each indicator is safe by itself: no combination of indicators may bound a small count either. Withholding more never harms what is
 * shown already: every certificate and every alternative table of one indicator stays true.
 */
export async function protectJointly(
  crew: Pick<ProtectionCrew, 'auditJointly'>,
  systems: readonly ProtectedSystem[],
  policy: DisclosurePolicy,
): Promise<JointProtection> {
  const joint = jointSystem(systems, policy)
  const { withdrawn, unsafe, linearPrograms } = await crew.auditJointly(joint, { minimum: policy.minimumCount, seed: policy.seed })
  const printed = systems.map(({ protection }) => ({ published: protection.published.slice(), exact: protection.exact.slice() }))
  let figures = 0
  for (const at of withdrawn)
    for (const { system, cell } of joint.counts[at]?.owners ?? []) {
      const flags = printed[system]
      if (!flags?.published[cell]) continue
      figures++
      flags.published[cell] = 0
      flags.exact[cell] = 0
    }
  return {
    systems: systems.map(({ each, protection }, at) => ({ each, protection: { ...protection, ...printed[at] } })),
    unsafe: [...new Set(unsafe.map(({ owner }) => systems[owner.system]?.each.table.indicator ?? ''))],
    report: {
      counts: joint.counts.length,
      relations: joint.relations.length,
      attacked: joint.targets.length,
      linearPrograms,
      withdrawn: figures,
    },
  }
}
