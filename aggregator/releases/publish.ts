import { randomBytes } from 'node:crypto'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SignedHead } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import type { ReleasePlan } from '../disclosure/policy.ts'
import type { ProtectedRelease } from '../disclosure/protect-tables.ts'
import { ProblemError } from '../problem.ts'
import { openRelease } from './open-release.ts'
import type { QuestionnaireReference, Release, ReleasedIndicator, ReleaseManifest, NamedDimensions } from './release.ts'
import { signManifest } from './signature.ts'
import { writeTableFiles } from './table-files.ts'

export interface PublishInput {
  readonly dataFolder: string
  readonly round: { readonly id: string; readonly title: string }
  readonly plan: Pick<ReleasePlan, 'id' | 'title'>
  /** From `protectTables`. */
  readonly made: ProtectedRelease
  readonly keys: KeyProvider
  readonly questionnaires: readonly QuestionnaireReference[]
  /** Version by rule set: indicators, code lists, disclosure policy. */
  readonly ruleVersions: Readonly<Record<string, string>>
  readonly indicators: readonly ReleasedIndicator[]
  readonly areas: Readonly<Record<string, string>>
  readonly dimensions?: NamedDimensions
  /** Head of the audit chain at this moment; null when there is none yet. */
  readonly auditHead: SignedHead | null
  readonly now: Date
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/**
 * Freezes a release: all files are written beside and renamed into place at once, so that a reader sees the whole release or
 * none of it. A release is never changed: corrections and withdrawals act on the next one.
 * @returns the release as any reader opens it.
 * @throws ProblemError `release-exists`, `invalid-request`
 */
export async function publish(input: PublishInput): Promise<Release> {
  const { made, dataFolder } = input
  const id = made.certificate.release
  if (!idPattern.test(id) || made.tables.some(({ release }) => release !== id))
    throw new ProblemError('invalid-request', 'A release needs one id of letters, digits, dots and dashes, the same in all its tables.')
  const releases = join(dataFolder, 'releases')
  const folder = join(releases, id)
  if (await exists(folder))
    throw new ProblemError('release-exists', `There is a release ${id} already; a release is never changed, choose the next id.`)
  const draft = join(releases, `.draft-${id}-${randomBytes(6).toString('hex')}`)
  await mkdir(join(draft, 'tables'), { recursive: true })
  try {
    const files = await writeTableFiles(draft, made.tables)
    const bytes = Buffer.from(`${JSON.stringify(manifestOf(input, files), null, 1)}\n`)
    await writeDurably(join(draft, 'manifest.json'), bytes)
    await writeDurably(join(draft, 'manifest.sig.json'), Buffer.from(`${JSON.stringify(signManifest(bytes, input.keys), null, 1)}\n`))
    for (const { path } of files) await syncFile(join(draft, path))
    await keepInternally(dataFolder, made)
    await rename(draft, folder)
    await syncFile(releases)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  return openRelease(dataFolder, id, input.keys)
}

function manifestOf(input: PublishInput, files: ReleaseManifest['files']): ReleaseManifest {
  const { report, certificate, tables } = input.made
  return {
    schema: 'release/1',
    id: certificate.release,
    round: input.round.id,
    roundTitle: input.round.title,
    published: input.now.toISOString(),
    plan: { id: input.plan.id, title: input.plan.title },
    questionnaires: input.questionnaires,
    ruleVersions: input.ruleVersions,
    indicators: input.indicators.filter(({ id }) => tables.some(({ indicator }) => indicator === id)),
    areas: input.areas,
    ...(input.dimensions ? { dimensions: input.dimensions } : {}),
    protection: {
      policy: report.policy,
      minimumCount: tables[0]?.rule.minimum ?? 0,
      rounding: tables.reduce((most, { rule }) => Math.max(most, rule.rounding ?? 0), 0),
      cells: report.cells,
      published: report.published,
      withheld: report.withheld,
      impossible: report.impossible,
      linearPrograms: report.linearPrograms,
      certificate: certificate.sha256,
      carriedForward: report.carried,
    },
    audit: input.auditHead,
    files,
  }
}

/** Certificate, report and the figures themselves name the small cells: they stay in the office, readable by the service only. */
async function keepInternally(dataFolder: string, made: ProtectedRelease): Promise<void> {
  const folder = join(dataFolder, 'disclosure', made.certificate.release)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably(join(folder, 'certificate.json'), Buffer.from(JSON.stringify(made.certificate)), 0o600)
  await writeDurably(join(folder, 'truth.json'), Buffer.from(JSON.stringify(made.truth)), 0o600)
  await writeDurably(join(folder, 'vintage.json'), Buffer.from(JSON.stringify(made.memory)), 0o600)
  await writeDurably(join(folder, 'report.json'), Buffer.from(JSON.stringify(made.report, null, 1)), 0o600)
}

async function writeDurably(path: string, bytes: Buffer, mode = 0o644): Promise<void> {
  const file = await open(path, 'w', mode)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
