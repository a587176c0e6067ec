// The running server holds the lock of the embedded stores, so commands reach it through a socket in the data folder. Who may open the
// file is an administrator: there is no password to lose.
import { chmod, rm } from 'node:fs/promises'
import { createServer, request as ask, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { problemDocument } from '../http/problems.ts'
import { ProblemError, type ProblemType } from '../problem.ts'
import type { Office } from './office.ts'

// A record, because the compiler then sees an operation that is missing; beside a running server only would be late.
const offered: Readonly<Record<keyof Office, true>> = {
  invite: true,
  devices: true,
  failures: true,
  revoke: true,
  rounds: true,
  openRound: true,
  design: true,
  setDesign: true,
  listing: true,
  setListing: true,
  reconciliations: true,
  quarantine: true,
  addRecordings: true,
  release: true,
}
const operations = Object.keys(offered) as readonly Operation[]
type Operation = keyof Office

const socketPath = (dataFolder: string) => join(dataFolder, 'office.sock')

/** Offers the office to commands on this machine. @returns how to stop. */
export async function serveOffice(office: Office, dataFolder: string): Promise<() => Promise<void>> {
  const path = socketPath(dataFolder)
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    answer(office, request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        const { status, body } = problemDocument(error, '')
        response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body))
      },
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  await chmod(path, 0o600)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(path, { force: true })
  }
}

async function answer(office: Office, request: IncomingMessage): Promise<unknown> {
  const operation = operations.find((each) => `/${each}` === request.url)
  if (!operation) throw new ProblemError('unknown-route', 'The server does not know this command; is it of the same version?')
  const body = JSON.parse(await textOf(request)) as never
  return office[operation](body)
}

/** The office of the server that runs on this data folder; undefined when none runs. */
export async function connectOffice(dataFolder: string): Promise<Office | undefined> {
  const path = socketPath(dataFolder)
  const call = (operation: Operation) => (body: unknown) => send(path, operation, body) as never
  const office = Object.fromEntries(operations.map((each) => [each, call(each)])) as unknown as Office
  try {
    await office.rounds({})
    return office
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw error
  }
}

async function send(socket: string, operation: Operation, body: unknown): Promise<unknown> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    ask({ socketPath: socket, path: `/${operation}`, method: 'POST' }, resolve)
      .once('error', reject)
      .end(JSON.stringify(body))
  })
  const content = JSON.parse(await textOf(response)) as Record<string, unknown>
  if (response.statusCode === 200) return content
  throw new ProblemError(String(content['type']).replace('/problems/', '') as ProblemType, String(content['detail']))
}

async function textOf(message: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of message as AsyncIterable<Uint8Array>) text += decoder.decode(chunk, { stream: true })
  return text
}
