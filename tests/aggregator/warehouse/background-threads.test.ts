import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { openInBackground } from '../../../aggregator/warehouse/background-threads.ts'

const threads = () => readdirSync('/proc/self/task')

describe.runIf(process.platform === 'linux')('threads whose work can wait', () => {
  it('get a lower priority than the thread that opened them, which keeps its own', async () => {
    const [before, own] = [threads(), getPriority()]
    const instance = await openInBackground(() => DuckDBInstance.create(':memory:', { threads: '3' }))
    const added = threads().filter((thread) => !before.includes(thread))
    expect(added.length).toBeGreaterThan(0)
    expect(added.map((thread) => getPriority(Number(thread)))).toEqual(added.map(() => 10))
    expect(getPriority()).toBe(own)
    instance.closeSync()
  })

  it('are opened all the same when they have ended by then', async () => {
    const gone = openInBackground(async () => {
      const worker = new Worker('', { eval: true })
      await once(worker, 'exit')
      return 'opened'
    })
    expect(await gone).toBe('opened')
  })
})
