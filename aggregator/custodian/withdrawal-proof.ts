import type { AuditEntry } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import { createMarks } from '../custody/marks.ts'
import { auditEntriesAbout } from './custody-office.ts'

/** Every place where something of an interview may lie, in the order in which they are cleaned. */
export const places = ['warehouse', 'inbox', 'quarantine', 'file', 'tables'] as const

/** What the audit chain says of one code. Names no record, no answer and nobody. */
export interface WithdrawalProof {
  /** noted: no interview with this code has arrived; when it does, it is not taken in. */
  readonly state: 'erased' | 'under-way' | 'noted'
  /** When the withdrawal came. */
  readonly asked: string
  /** Versions of the interview that were erased. */
  readonly versions: number
  readonly cleaned: readonly { readonly place: (typeof places)[number]; readonly at: string }[]
  /** Where this stands in the chain. */
  readonly entries: readonly Pick<AuditEntry, 'seq' | 'at' | 'hash'>[]
}

/**
 * The proof for who holds the code on the slip; null when the chain knows no withdrawal with it. An interview that was not withdrawn and a
 * code that nobody has are the same to the chain, and the whole chain is read either way: nobody learns whether an interview exists.
 */
export async function proveWithdrawal(dataFolder: string, keys: KeyProvider, code: string): Promise<WithdrawalProof | null> {
  const entries = await auditEntriesAbout(dataFolder, createMarks(keys).ofCode(code))
  const [first] = entries
  if (!first) return null
  const done = entries.find(({ action }) => action === 'withdrawal.done')
  const facts = done?.facts ?? {}
  const asked = entries.some(({ action }) => action === 'withdrawal.asked')
  return {
    state: done ? 'erased' : asked ? 'under-way' : 'noted',
    // A withdrawal by the phone has no entry of its own before the work is done.
    asked: first === done && typeof facts['warehouse'] === 'string' ? facts['warehouse'] : first.at,
    versions: typeof facts['records'] === 'number' ? facts['records'] : 0,
    cleaned: places.flatMap((place) => (typeof facts[place] === 'string' ? [{ place, at: facts[place] }] : [])),
    entries: entries.map(({ seq, at, hash }) => ({ seq, at, hash })),
  }
}
