import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProtectionReport } from '../disclosure/release-papers.ts'
import { riskPage } from '../disclosure/report/risk-page.ts'
import { approve, type Approval, type AttackResult, isApproved, type RiskReport, riskReport } from '../disclosure/report/risk-report.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import { ProblemError } from '../problem.ts'
import { openToPublic } from './approval.ts'
import { openRelease } from './open-release.ts'

export interface RiskReportWords {
  readonly purpose: string
  readonly legalBasis: string
  readonly recipient: string
  readonly protocol: string
  readonly incidentContact: string
  readonly codeVersion: string
}

/**
 * Writes the risk report of a release beside its certificate, as JSON and as a page.
 * @param attacks from `npm run attack -- --json`.
 * @param population people and homes in the frame; areas are counted from the release.
 */
export async function writeRiskReport(
  dataFolder: string,
  id: string,
  attacks: readonly AttackResult[],
  words: RiskReportWords,
  population: { readonly persons: number; readonly households: number; readonly smallestArea: number },
): Promise<RiskReport> {
  const { manifest } = await openRelease(dataFolder, id)
  const protection = JSON.parse(await readFile(join(dataFolder, 'disclosure', id, 'report.json'), 'utf8')) as ProtectionReport
  const { incidentContact, ...identity } = words
  const report = riskReport({
    identity: {
      id,
      round: manifest.round,
      plan: manifest.plan.id,
      made: manifest.published,
      expires: null,
      certificate: manifest.protection.certificate,
      ...identity,
    },
    population: { ...population, areas: Object.keys(manifest.areas).length, sampled: 0 },
    protection,
    microdata: null,
    attacks,
    incidentContact,
  })
  return save(dataFolder, id, report)
}

/** The report of a release, and its page; undefined while none has been written. */
export async function readRiskReport(
  dataFolder: string,
  id: string,
): Promise<{ readonly report: RiskReport; readonly page: string } | undefined> {
  const read = (extension: string) => readFile(riskFile(dataFolder, id, extension), 'utf8')
  try {
    return { report: JSON.parse(await read('json')) as RiskReport, page: await read('html') }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export interface SigningPlaces {
  readonly dataFolder: string
  readonly audit: Pick<AuditChain, 'append'>
}

/**
 * Adds a signature to the report that lies with the release; with the second one the release is public. Each stands in the audit chain.
 * @param actor who stands there: a person of the office, or the command.
 * @throws ProblemError `invalid-request` when it may not be signed.
 */
export async function signRiskReport(
  { dataFolder, audit }: SigningPlaces,
  id: string,
  approval: Approval,
  review: string,
  actor: string,
): Promise<RiskReport> {
  const report = JSON.parse(await readFile(riskFile(dataFolder, id, 'json'), 'utf8')) as RiskReport
  try {
    const signed = await save(dataFolder, id, approve(report, approval, review))
    const { decision, who } = approval
    const facts = { who, signatures: signed.decision.approvals.length }
    await audit.append({ actor, action: decision === 'release' ? 'approve' : 'hold', subject: `release:${id}`, facts })
    if (isApproved(signed)) await openToPublic(dataFolder, id, signed.decision.approvals)
    return signed
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError('invalid-request', error.message, {}, { cause: error })
    throw error
  }
}

async function save(dataFolder: string, id: string, report: RiskReport): Promise<RiskReport> {
  await writeFile(riskFile(dataFolder, id, 'json'), JSON.stringify(report, null, 1), { mode: 0o600 })
  await writeFile(riskFile(dataFolder, id, 'html'), riskPage(report), { mode: 0o600 })
  return report
}

function riskFile(dataFolder: string, id: string, extension: string): string {
  return join(dataFolder, 'disclosure', id, `risk-report.${extension}`)
}
