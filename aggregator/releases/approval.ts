import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditChain } from '../custody/audit-chain.ts'
import { ProblemError } from '../problem.ts'

/** Who let a release out. A release without it is a draft: frozen and signed, and shown to nobody outside the office. */
export interface ReleaseApproval {
  readonly schema: 'approval/1'
  readonly release: string
  /** SHA-256 of the manifest that was approved. */
  readonly manifest: string
  /** Two people; one where an office has only one. */
  readonly approvals: readonly Signature[]
}

export interface Signature {
  /** Name and role. */
  readonly who: string
  /** ISO 8601. */
  readonly at: string
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Lets a release out, for good: what readers have seen cannot be taken back. @throws ProblemError `not-released` */
export async function openToPublic(dataFolder: string, id: string, approvals: readonly Signature[]): Promise<void> {
  const manifest = await manifestHash(dataFolder, id)
  if (manifest === null) throw new ProblemError('not-released', 'There is no such release; list them to see which there are.')
  const approval: ReleaseApproval = { schema: 'approval/1', release: id, manifest, approvals }
  await writeFile(approvalFile(dataFolder, id), JSON.stringify(approval, null, 1), { mode: 0o600 })
}

/** One person lets a release out, where nobody else is there to sign; the audit chain keeps that it was one. */
export async function openAlone(
  { dataFolder, audit }: { readonly dataFolder: string; readonly audit: Pick<AuditChain, 'append'> },
  id: string,
  signature: Signature,
): Promise<void> {
  await openToPublic(dataFolder, id, [signature])
  await audit.append({ actor: 'release', action: 'approve', subject: `release:${id}`, facts: { people: 1 } })
}

/** May readers see it? Only what was approved, to the byte. */
export async function isPublic(dataFolder: string, id: string): Promise<boolean> {
  const manifest = await manifestHash(dataFolder, id)
  const text = manifest === null ? null : await textOf(approvalFile(dataFolder, id))
  return text !== null && (JSON.parse(text.toString('utf8')) as ReleaseApproval).manifest === manifest
}

async function manifestHash(dataFolder: string, id: string): Promise<string | null> {
  const bytes = idPattern.test(id) ? await textOf(join(dataFolder, 'releases', id, 'manifest.json')) : null
  return bytes && createHash('sha256').update(bytes).digest('hex')
}

/** Beside the certificate, in the office: it names people. */
function approvalFile(dataFolder: string, id: string): string {
  return join(dataFolder, 'disclosure', id, 'approval.json')
}

async function textOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
