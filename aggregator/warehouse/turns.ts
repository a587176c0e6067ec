/** Many may share, or one may be alone; who waits to be alone goes before later sharers. */
export interface Turns {
  shared<Result>(work: () => Promise<Result>): Promise<Result>
  alone<Result>(work: () => Promise<Result>): Promise<Result>
}

export function createTurns(): Turns {
  let alone: Promise<unknown> = Promise.resolve()
  let sharing = new Set<Promise<unknown>>()
  const settled = (work: Promise<unknown>) => work.catch(() => undefined)
  return {
    async shared(work) {
      const turn = settled(alone).then(work)
      const entry = settled(turn)
      sharing.add(entry)
      void entry.then(() => sharing.delete(entry))
      return turn
    },
    async alone(work) {
      const before = [alone, ...sharing].map(settled)
      const turn = Promise.all(before).then(work)
      alone = settled(turn)
      sharing = new Set()
      return turn
    },
  }
}
