// The running server holds the locks of warehouse and stores, so commands reach it through a socket in the data folder. Who may open the
// file is an administrator: there is no password to lose.
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request as ask } from 'node:http'
import { text } from 'node:stream/consumers'
import { ProblemError, type ProblemType } from '../problem.ts'
import { problemDocument } from './problems.ts'

/** Names of all operations. A record, because the compiler then sees one that is missing; beside a running server only would be late. */
export type Offered<Operations> = Readonly<Record<keyof Operations, true>>

/** Offers operations to commands on this machine. @returns how to stop. */
export async function serveCommands<Operations extends object>(
  operations: Operations,
  offered: Offered<Operations>,
  path: string,
): Promise<() => Promise<void>> {
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const name = Object.keys(offered).find((each) => `/${each}` === request.url)
    if (!name) throw new ProblemError('unknown-route', 'The server does not know this command; is it of the same version?')
    const operation = operations[name as keyof Operations] as (body: unknown) => Promise<unknown>
    return operation.call(operations, JSON.parse(await text(request)))
  }
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        const { status, body } = problemDocument(error, '')
        response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body))
      },
    )
  })
  // Between creating the socket and narrowing its mode anybody could connect; the process's mask closes that gap.
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(mask)
  }
  await chmod(path, 0o600)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(path, { force: true })
  }
}

/**
 * The operations of the server that runs on this data folder; undefined when none runs.
 * @param probe asks for something cheap, to see whether anybody answers.
 */
export async function connectCommands<Operations extends object>(
  offered: Offered<Operations>,
  path: string,
  probe: (operations: Operations) => Promise<unknown>,
): Promise<Operations | undefined> {
  const operations = Object.fromEntries(
    Object.keys(offered).map((each) => [each, (body: unknown) => send(path, each, body)]),
  ) as unknown as Operations
  try {
    await probe(operations)
    return operations
  } catch (error) {
    // No file, or one that a killed server left behind.
    if (['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function send(path: string, operation: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = ask({ socketPath: path, path: `/${operation}`, method: 'POST' }, (response) => {
      text(response).then((answered) => {
        const content = JSON.parse(answered) as { type?: string; detail?: string }
        if (response.statusCode === 200) resolve(content)
        else reject(new ProblemError((content.type ?? '').replace('/problems/', '') as ProblemType, content.detail ?? ''))
      }, reject)
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })
}
