import { ProblemError } from '../problem.ts'

/** Runs the work when a place is free. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** @param places pieces of work at once; @param queue how many may wait before the next is turned away with `too-many-requests`. */
export function gate(places: number, queue: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= places) {
      if (waiting.length >= queue) throw new ProblemError('too-many-requests', 'The server is busy; send it again in a minute.')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      // The place goes straight to the next in line, so that nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
