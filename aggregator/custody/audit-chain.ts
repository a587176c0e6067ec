import { createHash, sign, verify as verifySignature } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { canonicalJson } from '../../schemas/canonical.ts'
import { ProblemError } from '../problem.ts'
import type { Key, KeyProvider } from './keys.ts'

/** Who did what to what, and when: never contents. */
export interface AuditEvent {
  /** A role, person of the office, agreement or command; never an interviewed person. */
  readonly actor: string
  readonly action: string
  /** Id of a record, release, key, agreement …; hashed where the id itself must be forgotten. */
  readonly subject: string
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditEntry extends AuditEvent {
  readonly schema: 'audit/1'
  readonly seq: number
  readonly at: string
  /** Hash of the entry before; 64 zeros before the first. */
  readonly previous: string
  /** SHA-256 of `previous` and the canonical JSON of the rest. */
  readonly hash: string
}

/** The head of the chain, signed: printed in every release, so that no earlier entry can be changed without being seen. */
export interface SignedHead {
  readonly seq: number
  readonly hash: string
  readonly kid: string
  /** Ed25519 over `tala-audit.<seq>.<hash>`, base64url. */
  readonly signature: string
}

export interface AuditChain {
  /** Durable when it resolves. */
  append(event: AuditEvent): Promise<AuditEntry>
  head(): SignedHead
  close(): Promise<void>
}

const beforeFirst = '0'.repeat(64)

export function entryHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { previous, ...content } = entry
  return createHash('sha256').update(previous).update(canonicalJson(content)).digest('hex')
}

/** Opens (or starts) the chain in one file of JSON lines. @throws ProblemError `audit-broken` when what is there does not verify. */
export async function openAuditChain(path: string, keys: KeyProvider, now: () => Date = () => new Date()): Promise<AuditChain> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'a+', 0o600)
  const { entries, tornBytes } = await readEntries(path)
  // A crash in the middle of a write leaves a torn last line: it was never acknowledged, so it goes.
  if (tornBytes > 0) await handle.truncate((await handle.stat()).size - tornBytes)
  const problem = findBreak(entries)
  if (problem !== null) {
    await handle.close()
    throw new ProblemError('audit-broken', `${problem} Compare with the head printed in the last release before going on.`)
  }
  let last: { seq: number; hash: string } = entries.at(-1) ?? { seq: 0, hash: beforeFirst }
  let queue: Promise<unknown> = Promise.resolve()
  const write = async (event: AuditEvent) => {
    const content = { schema: 'audit/1' as const, seq: last.seq + 1, at: now().toISOString(), ...event, previous: last.hash }
    const entry: AuditEntry = { ...content, hash: entryHash(content) }
    await handle.appendFile(`${JSON.stringify(entry)}\n`)
    await handle.datasync()
    last = entry
    return entry
  }
  return {
    append(event) {
      const written = queue.then(() => write(event))
      queue = written.catch(() => undefined)
      return written
    },
    head: () => signHead(last, keys.current('audit')),
    async close() {
      await queue
      await handle.close()
    },
  }
}

function signHead({ seq, hash }: { seq: number; hash: string }, { kid, key }: Key): SignedHead {
  return { seq, hash, kid, signature: sign(null, headText(seq, hash), key).toString('base64url') }
}

const headText = (seq: number, hash: string) => Buffer.from(`tala-audit.${seq}.${hash}`, 'ascii')

export type AuditVerdict = { readonly kind: 'whole'; readonly entries: number } | { readonly kind: 'broken'; readonly problem: string }

/**
 * Checks every link, and that each printed head (from releases) is ours and still stands in the chain.
 */
export async function verifyAudit(path: string, heads: readonly SignedHead[], keys: KeyProvider): Promise<AuditVerdict> {
  const { entries } = await readEntries(path)
  const problem = findBreak(entries) ?? findForgottenHead(entries, heads, keys)
  return problem === null ? { kind: 'whole', entries: entries.length } : { kind: 'broken', problem }
}

function findBreak(entries: readonly AuditEntry[]): string | null {
  let previous = beforeFirst
  for (const [index, entry] of entries.entries()) {
    const { hash, ...content } = entry
    if (entry.seq !== index + 1) return `Entry ${index + 1} of the audit chain is missing or out of order.`
    if (entry.previous !== previous) return `Entry ${entry.seq} of the audit chain does not follow the one before it.`
    if (entryHash(content) !== hash) return `Entry ${entry.seq} of the audit chain was changed after it was written.`
    previous = hash
  }
  return null
}

function findForgottenHead(entries: readonly AuditEntry[], heads: readonly SignedHead[], keys: KeyProvider): string | null {
  for (const { seq, hash, kid, signature } of heads) {
    const key = keys.get(kid)
    if (!key || !verifySignature(null, headText(seq, hash), key.key, Buffer.from(signature, 'base64url')))
      return `The printed head ${seq} is not signed by an audit key of this keyring.`
    const standing = seq === 0 ? beforeFirst : entries[seq - 1]?.hash
    if (standing !== hash) return `The printed head ${seq} is not in the chain: entries were removed or rewritten.`
  }
  return null
}

async function readEntries(path: string): Promise<{ entries: AuditEntry[]; tornBytes: number }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  const end = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1)
  return { entries: lines.map((line) => JSON.parse(line) as AuditEntry), tornBytes: bytes.length - end }
}
