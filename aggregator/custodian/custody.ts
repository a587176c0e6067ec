import { type FieldQuality, fieldQuality, latestRound } from '../ingest/field-quality.ts'
import { findings } from '../ingest/findings.ts'
import { decide, type Decision, reviewQueue, type ReviewItem } from '../ingest/review.ts'
import { type AuditVerdict, verifyAudit } from '../custody/audit-chain.ts'
import { backUp, type BackupManifest } from './backup.ts'
import { closeRound, type ClosingReport } from './close-round.ts'
import { auditEntries, auditPath, type CustodyOffice, dictionariesOf, printedHeads } from './custody-office.ts'
import { exportKeyring, type KeyringExport } from '../custody/keyring-export.ts'
import type { Key, KeyPurpose } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'
import { type Recomputation, recomputeRound } from './recompute.ts'
import { applyRetention, type RetentionLine } from './retention.ts'
import { proofOfWithdrawal, reapplyWithdrawals, tombstonesOf, type Withdrawal, withdrawByCode, withdrawRecord } from './withdrawal.ts'

/** What custodian and supervisor do with keys and records. Everything in and out is plain JSON; no answer and no key material is in it. */
export interface Custody {
  listKeys(request: object): Promise<readonly Pick<Key, 'kid' | 'purpose' | 'state' | 'created'>[]>
  rotateKey(request: { readonly purpose: KeyPurpose }): Promise<{ readonly kid: string }>
  /** The shares are in the answer and nowhere else. */
  exportKeys(request: {
    readonly shares: number
    readonly needed: number
  }): Promise<{ readonly file: KeyringExport; readonly shares: readonly string[] }>
  verifyAudit(request: object): Promise<AuditVerdict & { readonly heads: number }>
  withdraw(request: { readonly code: string } | { readonly record: string }): Promise<Withdrawal>
  proveWithdrawal(request: {
    readonly code: string
  }): Promise<
    readonly { readonly at: string; readonly seq: number; readonly action: string; readonly hash: string; readonly facts: object }[]
  >
  reapplyWithdrawals(request: object): Promise<{ readonly erased: number }>
  /** @param request.folder absolute path of a new folder. */
  backUp(request: { readonly folder: string }): Promise<BackupManifest>
  closeRound(request: { readonly round: string; readonly backup: string }): Promise<ClosingReport>
  /** @param request.rules a version of the round's questionnaire; default: the one it names. */
  recompute(request: { readonly round: string; readonly rules?: string; readonly dryRun: boolean }): Promise<Recomputation>
  retain(request: { readonly apply: boolean }): Promise<readonly RetentionLine[]>
  review(request: object): Promise<readonly ReviewItem[]>
  /** What only records beside each other show; of the last round when none is named. */
  fieldQuality(request: { readonly round?: string }): Promise<FieldQuality & { readonly round: string }>
  decide(request: Omit<Decision, 'by'>): Promise<{ readonly record: string }>
}

export function custodyOf(office: CustodyOffice): Custody {
  const { keys, audit, warehouse, stores, config, now, onErased } = office
  const { dataFolder } = config
  const places = { warehouse, keys, audit, inbox: stores.inbox, quarantine: stores.quarantine, clock: now, ...(onErased && { onErased }) }
  const latestSurvey = async (wanted: string | null) => {
    const latest = await warehouse.read((connection) => latestRound(connection, wanted))
    const questionnaire = latest && (await office.questionnaire(latest.questionnaire))
    return latest && questionnaire ? { round: await office.round(latest.round), questionnaire } : null
  }
  return {
    listKeys: async () => keys.all().map(({ kid, purpose, state, created }) => ({ kid, purpose, state, created })),
    async rotateKey({ purpose }) {
      const { kid } = await keys.rotate(purpose)
      await audit.append({ actor: 'custodian', action: 'key.rotated', subject: kid, facts: { purpose } })
      return { kid }
    },
    async exportKeys({ shares, needed }) {
      const made = exportKeyring(keys, shares, needed)
      await audit.append({ actor: 'custodian', action: 'keyring.exported', subject: 'keyring', facts: { shares, needed } })
      return made
    },
    async verifyAudit() {
      const heads = await printedHeads(dataFolder)
      return { ...(await verifyAudit(auditPath(dataFolder), heads, keys)), heads: heads.length }
    },
    withdraw: (request) =>
      'code' in request ? withdrawByCode(places, request.code, 'custodian') : withdrawRecord(places, request.record, 'custodian'),
    async proveWithdrawal({ code }) {
      const entries = proofOfWithdrawal(await auditEntries(dataFolder), keys, code)
      return entries.map(({ at, seq, action, hash, facts = {} }) => ({ at, seq, action, hash, facts }))
    },
    async reapplyWithdrawals() {
      return { erased: await reapplyWithdrawals(places, tombstonesOf(await auditEntries(dataFolder))) }
    },
    backUp: ({ folder }) => backUp({ ...places, auditPath: auditPath(dataFolder) }, folder),
    closeRound: async ({ round, backup }) => closeRound({ ...places, dictionary: await dictionariesOf(office) }, round, backup),
    recompute: (request) => recomputeRound(office, request),
    retain: ({ apply }) => applyRetention({ ...places, office: stores.office }, now().toISOString().slice(0, 10), !apply),
    async review() {
      const latest = await latestSurvey(null)
      return warehouse.read(async (connection) =>
        reviewQueue(connection, latest ? await findings(connection, latest.questionnaire, latest.round) : []),
      )
    },
    async fieldQuality({ round: wanted = null }) {
      const latest = await latestSurvey(wanted)
      if (!latest) throw new ProblemError('unknown-round', 'No interview of this round has arrived; tala round list shows the rounds.')
      const { round, questionnaire } = latest
      const listed = await office.listing(round.id)
      return { round: round.id, ...(await warehouse.read((connection) => fieldQuality(connection, questionnaire, round, listed))) }
    },
    async decide({ record, decided, comment }) {
      await decide(warehouse, { record, decided, comment, by: 'supervisor' }, now())
      await audit.append({ actor: 'supervisor', action: `review.${decided}`, subject: record })
      onErased?.([record])
      return { record }
    },
  }
}
