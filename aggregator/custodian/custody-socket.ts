// The running server holds the locks of warehouse and stores, so commands reach it through a socket in the data folder. Who may open
// the file is an administrator: there is no password to lose.
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request as ask } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { problemDocument } from '../http/problems.ts'
import { ProblemError, type ProblemType } from '../problem.ts'
import type { Custody } from './custody.ts'

// A record, because the compiler then sees an operation that is missing; beside a running server only would be late.
const offered: Readonly<Record<keyof Custody, true>> = {
  listKeys: true,
  rotateKey: true,
  exportKeys: true,
  verifyAudit: true,
  withdraw: true,
  proveWithdrawal: true,
  reapplyWithdrawals: true,
  backUp: true,
  closeRound: true,
  retain: true,
  review: true,
  fieldQuality: true,
  decide: true,
}
const operations = Object.keys(offered) as readonly Operation[]
type Operation = keyof Custody

const socketPath = (dataFolder: string) => join(dataFolder, 'custody.sock')

/** Offers custody to commands on this machine. @returns how to stop. */
export async function serveCustody(custody: Custody, dataFolder: string): Promise<() => Promise<void>> {
  const path = socketPath(dataFolder)
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    answer(custody, request).then(
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

async function answer(custody: Custody, request: IncomingMessage): Promise<unknown> {
  const operation = operations.find((each) => `/${each}` === request.url)
  if (!operation) throw new ProblemError('unknown-route', 'The server does not know this command; is it of the same version?')
  return custody[operation](JSON.parse(await text(request)) as never)
}

/** The custody of the server that runs on this data folder; undefined when none runs. */
export async function connectCustody(dataFolder: string): Promise<Custody | undefined> {
  const path = socketPath(dataFolder)
  const custody = Object.fromEntries(operations.map((each) => [each, (body: unknown) => send(path, each, body)])) as unknown as Custody
  try {
    await custody.listKeys({})
    return custody
  } catch (error) {
    // No file, or one that a killed server left behind.
    if (['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function send(path: string, operation: Operation, body: unknown): Promise<unknown> {
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
