import type { DuckDBConnection } from '@duckdb/node-api'
import { ProblemError } from '../problem.ts'

/** Short work is over before anybody wonders. */
const silentMs = 1_000

/** Writes how far a query is on standard error, once a second, when somebody looks at it. */
export function reportProgress(connection: DuckDBConnection): () => void {
  if (!process.stderr.isTTY) return () => {}
  const timer = setInterval(() => {
    const { percentage } = connection.progress
    process.stderr.write(`\r${percentage >= 0 ? `${Math.round(percentage)} %` : 'working'} (Ctrl-C stops it) `)
  }, silentMs)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r')
  }
}

/**
 * Runs a query that Ctrl-C ends: the database stops working, the process goes on to close what is open.
 * @throws ProblemError `cancelled`.
 */
export async function interruptible<Result>(connection: DuckDBConnection, done: () => void, work: () => Promise<Result>): Promise<Result> {
  const state = { stopped: false }
  const stop = () => {
    state.stopped = true
    connection.interrupt()
  }
  process.once('SIGINT', stop)
  try {
    return await work()
  } catch (error) {
    if (state.stopped) throw new ProblemError('cancelled', 'Nothing was written.', {}, { cause: error })
    throw error
  } finally {
    process.off('SIGINT', stop)
    done()
  }
}
