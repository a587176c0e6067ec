/** Says which stage runs, how far it is and how long it took; on standard error, so that a pipe gets only the result. */
export interface Stage {
  count(done: number, total: number): void
  /** @returns seconds the stage took. */
  end(words: string): number
}

export function startStage(name: string, out: NodeJS.WriteStream = process.stderr): Stage {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  let shown = 0
  return {
    count(done, total) {
      if (!out.isTTY || performance.now() - shown < 100) return
      shown = performance.now()
      out.write(`\r\u001b[K  ${name.padEnd(12)} ${done} of ${total}`)
    },
    end(words) {
      out.write(`${out.isTTY ? '\r\u001b[K' : ''}  ${name.padEnd(12)} ${words} (${seconds().toFixed(1)} s)\n`)
      return Number(seconds().toFixed(3))
    },
  }
}
