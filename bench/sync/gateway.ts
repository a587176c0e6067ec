import { fork, type ChildProcess } from 'node:child_process'
import type { Ask, StoreKind } from './server.ts'

/** The gateway process as the bench sees it. */
export interface Gateway {
  readonly kind: StoreKind
  readonly url: string
  invite(count: number): Promise<readonly string[]>
  count(): Promise<number>
  stop(): Promise<void>
}

export async function startGateway(kind: StoreKind): Promise<Gateway> {
  const child = fork(new URL('./server.ts', import.meta.url), [kind], {
    // As npm start: room for the garbage of one push, so that it is swept rarely.
    execArgv: ['--max-semi-space-size=64', '--import', 'tsx'],
  })
  const { url } = (await nextMessage(child)) as { url: string }
  const ask = async (question: Ask) => {
    const answer = nextMessage(child)
    child.send(question)
    return ((await answer) as { reply: unknown }).reply
  }
  return {
    kind,
    url,
    invite: (count) => ask({ ask: 'invite', count }) as Promise<readonly string[]>,
    count: () => ask({ ask: 'count' }) as Promise<number>,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.send({ ask: 'stop' } satisfies Ask)
      await gone
    },
  }
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the gateway ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}
