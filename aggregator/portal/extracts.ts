import { readFile, readdir } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { type Request, Router } from 'express'
import { zipSync } from 'fflate'
import type { AuditChain } from '../custody/audit-chain.ts'
import { ProblemError } from '../problem.ts'
import { type Agreement, countRequests, covers } from './agreements/agreement.ts'
import type { AgreementBook } from './agreements/agreement-book.ts'

interface ExtractDependencies {
  readonly agreements: AgreementBook
  readonly audit: AuditChain
  /** Folder that holds one folder per release. */
  readonly folder: string
}

/**
 * Government pull: whole releases as files, with an agreement's key in the Authorization header. Every pull is in the audit chain before a byte leaves.
 * GET /extracts lists releases; /extracts/:release lists files; /extracts/:release.zip is everything; /extracts/:release/files/<path> is one file.
 */
export function extractRoutes({ agreements, audit, folder }: ExtractDependencies): Router {
  const router = Router()
  const admit = async (request: Request, subject: string): Promise<Agreement> => {
    const key = /^Bearer (\S+)$/.exec(request.get('authorization') ?? '')?.[1]
    if (!key) throw new ProblemError('unauthorized', 'Send the key of an agreement: Authorization: Bearer tala_….')
    const agreement = await agreements.verify(key)
    await audit.append({ actor: `agreement:${agreement.id}`, action: 'pull', subject })
    return agreement
  }
  // Who gets data is no secret: offices, purposes and days, and how many requests were refused.
  router.get('/agreements', async (_request, response) => {
    const all = await agreements.list()
    response.json({
      requests: countRequests(all),
      agreements: all
        .filter(({ state }) => state === 'approved')
        .map(({ who, purpose, words, indicators, records, from, until, promise }) => ({
          who,
          purpose,
          words,
          indicators,
          records,
          from,
          until,
          promise,
        })),
    })
  })
  router.get('/extracts', async (request, response) => {
    await admit(request, 'extracts')
    response.json({ extracts: await releaseNames(folder) })
  })
  router.get('/extracts/:release.zip', async (request, response) => {
    const { release } = request.params
    const found = await filesOf(folder, release)
    const agreement = await admit(request, `release:${release}`)
    const files = found.filter((path) => covers(agreement, path))
    const entries = await Promise.all(
      files.map(async (path) => [path, new Uint8Array(await readFile(join(folder, release, path)))] as const),
    )
    response
      .type('application/zip')
      .attachment(`${release}.zip`)
      .send(Buffer.from(zipSync(Object.fromEntries(entries), { level: 6 })))
  })
  router.get('/extracts/:release', async (request, response) => {
    const { release } = request.params
    const files = await filesOf(folder, release)
    const agreement = await admit(request, `release:${release}`)
    response.json({ release, files: files.filter((each) => covers(agreement, each)) })
  })
  router.get('/extracts/:release/files/*path', async (request, response) => {
    const { release } = request.params
    const path = normalize(([] as string[]).concat(request.params.path ?? []).join('/'))
    const files = await filesOf(folder, release)
    const agreement = await admit(request, `release:${release}/${path}`)
    if (!files.includes(path)) throw new ProblemError('unknown-table', 'This release has no such file; GET the release to see its files.')
    if (!covers(agreement, path))
      throw new ProblemError('forbidden', 'The agreement does not cover this file; ask for one that names its indicator.')
    response.type(path.split('.').at(-1) ?? 'bin').send(await readFile(join(folder, release, path)))
  })
  return router
}

async function releaseNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory() && /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(entry.name)).map(({ name }) => name)
}

/** Public files of a release; what lies in `internal/` (certificate, ledger, risk report) stays in the office. */
async function filesOf(folder: string, release: string): Promise<readonly string[]> {
  if (!(await releaseNames(folder)).includes(release))
    throw new ProblemError('not-released', 'There is no such release; GET /api/v1/extracts lists them.')
  const entries = await readdir(join(folder, release), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, release).length + 1))
    .filter((path) => !path.startsWith('internal/'))
    .toSorted()
}
