import { fork, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** The whole server over LevelDB and DuckDB as a process that can be killed and started again on the same folder and port. */
export interface ServerProcess {
  readonly url: string
  /** An invitation code, for a new phone or for one that was known. */
  invite(device?: string): Promise<string>
  /** After a backup: tells phones that what is loaded may be let go. */
  backUp(): Promise<void>
  /** kill -9, and a new start. */
  killAndStart(): Promise<void>
  stop(): Promise<void>
  /** Whatever state it is in. */
  end(): void
}

export async function startServer(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    TALA_DATA: folder,
    TALA_PORT: String(port),
    TALA_HOST: '127.0.0.1',
    TALA_PUBLIC_URL: url,
    COUCHDB_URL: '',
    TALA_LOG_LEVEL: 'silent',
    ...settings,
  }
  const start = async () => {
    const child = fork(new URL('./real-server.ts', import.meta.url), [], { execArgv: ['--import', 'tsx'], env })
    await said(child, 'port')
    return child
  }
  let child = await start()
  const ask = (question: string, answer: string) => {
    const heard = said(child, answer)
    child.send(question)
    return heard
  }
  const gone = () => new Promise((resolve) => child.once('exit', resolve))
  return {
    url,
    invite: (device = '') => ask(`invite ${device}`, 'code'),
    backUp: async () => void (await ask('back-up', 'backedUp')),
    async killAndStart() {
      const ended = gone()
      child.kill('SIGKILL')
      await ended
      child = await start()
    },
    async stop() {
      const ended = gone()
      child.send('stop')
      await ended
    },
    end: () => void child.kill('SIGKILL'),
  }
}

function said(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended with ${code} before it answered`))
    child.once('exit', ended)
    child.on('message', function heard(message: Readonly<Record<string, string | number | undefined>>) {
      if (message[name] === undefined) return
      child.off('exit', ended)
      child.off('message', heard)
      resolve(String(message[name]))
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
