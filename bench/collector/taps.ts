import type { Page } from 'playwright-core'

export interface Taps {
  /** From Next to the frame with the next question. */
  readonly nextMs: readonly number[]
  /** From an answer to the sign that it is durable. */
  readonly durableMs: readonly number[]
}

/** Listens in the page while somebody interviews: what happens between a tap and its result. Runs inside the page. */
export function listen(): void {
  const bench = globalThis as unknown as { taps: { nextMs: number[]; durableMs: number[] } }
  bench.taps = { nextMs: [], durableMs: [] }
  const title = () => document.querySelector('h1#question')?.textContent
  addEventListener(
    'submit',
    () => {
      const [start, before] = [performance.now(), title()]
      const look = () => {
        const now = title()
        if (now && before && now !== before) return setTimeout(() => bench.taps.nextMs.push(performance.now() - start))
        // A question that stayed is no next question.
        return performance.now() - start < 3000 ? requestAnimationFrame(look) : undefined
      }
      requestAnimationFrame(look)
    },
    true,
  )
  const answered = () => {
    const start = performance.now()
    let hasSaved = false
    const look = () => {
      const isSaved = document.querySelector('.tick svg') !== null
      if (!isSaved) hasSaved = true
      if (isSaved && (hasSaved || performance.now() - start > 4)) bench.taps.durableMs.push(performance.now() - start)
      else setTimeout(look, 1)
    }
    queueMicrotask(look)
  }
  addEventListener('change', (event) => (event.target as HTMLElement).closest('.interview') && answered())
}

export async function tapsOf(page: Page): Promise<Taps> {
  return page.evaluate(() => (globalThis as unknown as { taps: Taps }).taps)
}
