import { passing, SyncError } from './request.ts'

export interface BackOff {
  readonly wait: (ms: number) => Promise<void>
  /** 0 to 1; spreads the phones of a village that all see the network at once. */
  readonly chance: () => number
  readonly tries: number
}

const firstMs = 1_000
const longestMs = 120_000

/** How long to wait before try number `tried + 1`: doubling, half of it by chance, never less than the server asked for. */
export function waitMs(tried: number, chance: number, retryAfterSeconds: number | null): number {
  const full = Math.min(longestMs, firstMs * 2 ** (tried - 1))
  const spread = full / 2 + (full / 2) * chance
  return retryAfterSeconds === null ? spread : Math.max(spread, retryAfterSeconds * 1000 * (1 + chance / 4))
}

/** Tries again what can pass by itself. Everything sent this way must be safe to repeat. */
export async function patiently<T>({ wait, chance, tries }: BackOff, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SyncError) || !passing.has(error.code) || tried >= tries) throw error
      await wait(waitMs(tried, chance(), error.retryAfterSeconds))
    }
  }
}
