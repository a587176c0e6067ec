import { ProblemError } from '../problem.ts'
import { type ErasurePlaces, finishWithdrawals } from '../ingest/finish-withdrawals.ts'
import { eraseInterviews } from '../warehouse/erase.ts'
import { ledgerEntries, rootsOfCode } from '../warehouse/ledger.ts'
import { appendRows } from '../warehouse/table-writer.ts'
import type { AuditEntry } from '../custody/audit-chain.ts'
import { createMarks, type Marks } from '../custody/marks.ts'
import type { KeyProvider } from '../custody/keys.ts'

export type WithdrawalPlaces = ErasurePlaces

export type Withdrawal =
  | { readonly kind: 'erased'; readonly records: number }
  /** No interview with this code has arrived yet; when it does, it is not taken in. */
  | { readonly kind: 'noted' }

/** A household takes its interview back with the code on its slip. @param actor who typed it: a role, never a name. */
export async function withdrawByCode(places: WithdrawalPlaces, code: string, actor: string): Promise<Withdrawal> {
  const marks = createMarks(places.keys)
  const mark = marks.ofCode(code)
  const roots = await places.warehouse.read((connection) => rootsOfCode(connection, mark))
  if (roots.length > 1)
    throw new ProblemError(
      'withdrawal-ambiguous',
      'More than one interview has this code; withdraw by the record id that the supervisor sees.',
    )
  if (roots.length === 0) {
    await places.warehouse.write((connection) => appendRows(connection, 'tombstone', [[mark]]))
    await places.audit.append({ actor, action: 'withdrawal.noted', subject: mark })
    return { kind: 'noted' }
  }
  return eraseRoots(places, marks, roots, actor, [mark])
}

/** The custodian erases one interview, all its versions. */
export async function withdrawRecord(places: WithdrawalPlaces, recordId: string, actor: string): Promise<Withdrawal> {
  const marks = createMarks(places.keys)
  const [entry] = await places.warehouse.read((connection) => ledgerEntries(connection, [recordId]))
  if (!entry) {
    await places.warehouse.write((connection) => appendRows(connection, 'tombstone', [[marks.ofRecord(recordId)]]))
    await places.audit.append({ actor, action: 'withdrawal.noted', subject: marks.ofRecord(recordId) })
    return { kind: 'noted' }
  }
  return eraseRoots(places, marks, [entry.root], actor, [])
}

async function eraseRoots(
  places: WithdrawalPlaces,
  marks: Marks,
  roots: readonly string[],
  actor: string,
  codes: readonly string[],
): Promise<Withdrawal> {
  const { warehouse, audit, clock } = places
  for (const root of roots) await audit.append({ actor, action: 'withdrawal.asked', subject: marks.ofRecord(root) })
  for (const code of codes) await audit.append({ actor, action: 'withdrawal.asked', subject: code })
  const erased = await warehouse.write(async (connection) => {
    await appendRows(
      connection,
      'tombstone',
      codes.map((code) => [code]),
    )
    return eraseInterviews(connection, roots, (id) => marks.ofRecord(id), clock().toISOString())
  })
  await finishWithdrawals(places)
  return { kind: 'erased', records: erased.length }
}

/** What the chain says of a code: the proof that a household, or who speaks for it, may ask for. */
export function proofOfWithdrawal(entries: readonly AuditEntry[], keys: KeyProvider, code: string): readonly AuditEntry[] {
  const mark = createMarks(keys).ofCode(code)
  return entries.filter(({ subject, action }) => subject === mark && action.startsWith('withdrawal.'))
}

/** Tombstones from the audit chain, which no restored backup can forget. */
export function tombstonesOf(entries: readonly AuditEntry[]): readonly string[] {
  return [...new Set(entries.flatMap(({ action, subject }) => (action.startsWith('withdrawal.') ? [subject] : [])))]
}

/**
 * After a warehouse was restored from a backup: everything withdrawn since then is erased again, before anything else is done with it.
 * @returns how many interviews had come back.
 */
export async function reapplyWithdrawals(places: WithdrawalPlaces, tombstones: readonly string[]): Promise<number> {
  const { warehouse, keys, clock } = places
  const marks = createMarks(keys)
  const dead = new Set(tombstones)
  const erased = await warehouse.write(async (connection) => {
    const result = await connection.runAndReadAll(
      `select distinct root, record_id, withdrawal_code from ledger where status <> 'withdrawn'`,
    )
    const roots = new Set(
      result
        .getRows()
        .filter(
          ([root, id, code]) => dead.has(marks.ofRecord(String(root))) || dead.has(marks.ofRecord(String(id))) || dead.has(String(code)),
        )
        .map(([root]) => String(root)),
    )
    const known = await connection.runAndReadAll('select mark from tombstone')
    const have = new Set(known.getRows().map(([mark]) => String(mark)))
    await appendRows(
      connection,
      'tombstone',
      tombstones.filter((mark) => !have.has(mark)).map((mark) => [mark]),
    )
    await eraseInterviews(connection, [...roots], (id) => marks.ofRecord(id), clock().toISOString())
    return roots.size
  })
  await finishWithdrawals(places)
  return erased
}
