import type { Page } from 'playwright-core'

export interface Taps {
  /** From Next to the frame with the next question. */
  readonly nextMs: readonly number[]
  /** From an answer to the end of the strict transaction that holds it. */
  readonly durableMs: readonly number[]
  /** From an answer to the tick that says so. */
  readonly tickMs: readonly number[]
}

/**
 * Listens in the page while somebody interviews: what happens between a tap and its result. Runs inside the page, which is told of changes and
 * does not look for them: looking would slow down what is measured.
 */
export function listen(): void {
  const bench = globalThis as unknown as { taps: { nextMs: number[]; durableMs: number[]; tickMs: number[] } }
  bench.taps = { nextMs: [], durableMs: [], tickMs: [] }
  const question = () => document.querySelector('h1#question')
  const isSaved = () => document.querySelector('.tick svg') !== null
  let next: { readonly start: number; readonly from: Element } | undefined
  let unwritten: number | undefined
  let answer: { readonly start: number; isSaving: boolean } | undefined
  addEventListener(
    'submit',
    () => {
      const from = question()
      next = from ? { start: performance.now(), from } : undefined
    },
    true,
  )
  addEventListener(
    'change',
    ({ target }) => {
      // A second answer before the first was durable: the first one counts.
      if (!(target as HTMLElement).closest('.interview') || answer?.isSaving) return
      answer = { start: performance.now(), isSaving: false }
      unwritten ??= answer.start
    },
    true,
  )
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = function noted(...input: Parameters<typeof put>) {
    const request = put.apply(this, input)
    if (this.name === 'drafts' && unwritten !== undefined) {
      const start = unwritten
      unwritten = undefined
      this.transaction.addEventListener('complete', () => bench.taps.durableMs.push(performance.now() - start))
    }
    return request
  }
  const seen = () => {
    if (answer && !isSaved()) answer.isSaving = true
    else if (answer?.isSaving) {
      bench.taps.tickMs.push(performance.now() - answer.start)
      answer = undefined
    }
    const now = question()
    if (next && now && now !== next.from) {
      const { start } = next
      next = undefined
      // After the frame that shows it.
      requestAnimationFrame(() => setTimeout(() => bench.taps.nextMs.push(performance.now() - start)))
    }
  }
  new MutationObserver(seen).observe(document, { subtree: true, childList: true })
}

export async function tapsOf(page: Page): Promise<Taps> {
  return page.evaluate(() => (globalThis as unknown as { taps: Taps }).taps)
}
