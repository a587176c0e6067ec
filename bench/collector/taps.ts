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
  const isSaved = () => !('writing' in document.documentElement.dataset) && document.querySelector('.tick svg') !== null
  let next: { readonly start: number; readonly from: Element } | undefined
  let unwritten: number | undefined
  let encrypted: number | undefined
  let answer: { readonly start: number; isSaving: boolean } | undefined
  addEventListener(
    'submit',
    () => {
      const from = question()
      next = from ? { start: performance.now(), from } : undefined
    },
    true,
  )
  const answered = ({ target, type }: Event) => {
    const isName = (target as HTMLElement).closest('.adding') !== null
    // The name of a member is an answer when "Add" is tapped, everything else as it is typed or chosen.
    if (!(target as HTMLElement).closest('.interview') || (type === 'input') === isName) return
    if (type === 'click' && !(target as HTMLElement).closest('button')) return
    // The year alone of a date is no answer yet: nothing is on its way to the disk, and the month that completes it starts the time.
    if (unwritten === undefined || !('writing' in document.documentElement.dataset)) unwritten = performance.now()
    // A second answer before the first was durable: the first one counts.
    if (!answer?.isSaving) answer = { start: performance.now(), isSaving: false }
  }
  for (const event of ['input', 'click']) addEventListener(event, answered, true)
  // oxlint-disable typescript/unbound-method -- each is called with its own `this`
  const { encrypt } = SubtleCrypto.prototype
  SubtleCrypto.prototype.encrypt = function noted(...input: Parameters<typeof encrypt>) {
    // Only what is encrypted after the answer can hold it; what was on its way to the disk before cannot.
    encrypted = unwritten
    return encrypt.apply(this, input)
  }
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function noted(...input: Parameters<typeof transaction>) {
    const opened = transaction.apply(this, input)
    const names = [input[0]].flat()
    if (encrypted !== undefined && (names.includes('drafts') || names.includes('journal'))) {
      const start = encrypted
      encrypted = unwritten = undefined
      opened.addEventListener('complete', () => bench.taps.durableMs.push(performance.now() - start))
    }
    return opened
  }
  // oxlint-enable typescript/unbound-method
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
  new MutationObserver(seen).observe(document, { subtree: true, childList: true, attributeFilter: ['data-writing'] })
}

export async function tapsOf(page: Page): Promise<Taps> {
  return page.evaluate(() => (globalThis as unknown as { taps: Taps }).taps)
}
