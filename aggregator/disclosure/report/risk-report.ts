import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../schemas/canonical.ts'
import type { AnonymizedMicrodata } from '../microdata/anonymize.ts'
import type { ProtectionReport } from '../release-papers.ts'

/** What the release is and who it is for. */
export interface ReleaseIdentity {
  readonly id: string
  readonly round: string
  readonly plan: string
  readonly made: string
  readonly codeVersion: string
  readonly purpose: string
  readonly legalBasis: string
  readonly recipient: string
  readonly expires: string | null
  /** Reference of the information sharing protocol. */
  readonly protocol: string
  readonly certificate: string
}

export interface ReleasePopulation {
  readonly persons: number
  readonly households: number
  readonly areas: number
  readonly smallestArea: number
  /** Share of households released as records, 0..1; 0 when only tables are released. */
  readonly sampled: number
}

export interface AttackResult {
  readonly id: string
  readonly title: string
  readonly pass: boolean
  readonly mutant_caught: boolean
  readonly note: string
  readonly seconds: number
}

export interface Approval {
  /** Role or office, and name of the person who decides. */
  readonly who: string
  readonly decision: 'release' | 'hold'
  readonly at: string
}

/** For the data-protection officer: eight parts, of which the last is theirs. */
export interface RiskReport {
  readonly schema: 'risk-report/1'
  readonly identity: ReleaseIdentity
  readonly population: ReleasePopulation
  readonly attacker: { readonly promise: string; readonly notCovered: readonly string[] }
  readonly tables: ProtectionReport & { readonly certificates: 2 }
  readonly records: Pick<AnonymizedMicrodata, 'risk' | 'search'> | null
  readonly utility: {
    readonly publishedShare: number
    readonly withheldShare: number
    readonly records: AnonymizedMicrodata['utility'] | null
    readonly left: ProtectionReport['left']
  }
  readonly attacks: readonly AttackResult[]
  readonly decision: {
    readonly residualRisk: string
    readonly approvals: readonly Approval[]
    readonly review: string | null
    readonly incidentContact: string
  }
}

export interface RiskReportInput {
  readonly identity: ReleaseIdentity
  readonly population: ReleasePopulation
  readonly protection: ProtectionReport
  readonly microdata: AnonymizedMicrodata | null
  readonly attacks: readonly AttackResult[]
  readonly incidentContact: string
}

const notCovered = [
  'Somebody who holds the keys of the office, or its warehouse.',
  'Somebody who already knows everybody in a household.',
  'Withheld figures of one indicator narrowed by printed figures of another with nearly the same universe, unless one of them is the population.',
  'An attacker who is told which of the withheld figures are small (attack T18).',
]

/** Undecided until two people signed: `approve`. */
export function riskReport({ identity, population, protection, microdata, attacks, incidentContact }: RiskReportInput): RiskReport {
  const broken = attacks.filter(({ pass, mutant_caught }) => !pass || !mutant_caught).map(({ id }) => id)
  return {
    schema: 'risk-report/1',
    identity,
    population,
    attacker: {
      promise:
        'Knows all releases, hierarchies, thresholds and the program; for every count under the minimum it stays possible that nobody is there and that there are at least that many.',
      notCovered,
    },
    tables: { ...protection, certificates: 2 },
    records: microdata ? { risk: microdata.risk, search: microdata.search } : null,
    utility: {
      publishedShare: protection.published / Math.max(1, protection.cells),
      withheldShare: protection.withheld / Math.max(1, protection.cells),
      records: microdata?.utility ?? null,
      left: protection.left,
    },
    attacks,
    decision: {
      residualRisk:
        broken.length > 0
          ? `High: ${broken.join(', ')} did not hold.`
          : attacks.length === 0
            ? 'Unknown: no attack was run.'
            : 'Low, within what is covered above.',
      approvals: [],
      review: null,
      incidentContact,
    },
  }
}

/**
 * Adds a signature.
 * @throws RangeError when the same person signs twice, or a release is approved although an attack succeeded.
 */
export function approve(report: RiskReport, approval: Approval, review: string): RiskReport {
  if (report.decision.approvals.some(({ who }) => who === approval.who))
    throw new RangeError('The second signature must be of another person.')
  if (
    approval.decision === 'release' &&
    (report.attacks.length === 0 || report.attacks.some(({ pass, mutant_caught }) => !pass || !mutant_caught))
  )
    throw new RangeError('A release cannot be approved while an attack succeeds or was not run.')
  return { ...report, decision: { ...report.decision, approvals: [...report.decision.approvals, approval], review } }
}

/** Two different people, both for the release. */
export function isApproved({ decision }: RiskReport): boolean {
  return (
    decision.approvals.filter((each) => each.decision === 'release').length >= 2 &&
    decision.approvals.every((each) => each.decision === 'release')
  )
}

/** What a signature refers to. */
export function reportHash(report: RiskReport): string {
  const { decision, ...content } = report
  return createHash('sha256')
    .update(canonicalJson({ ...content, residualRisk: decision.residualRisk }))
    .digest('hex')
}
