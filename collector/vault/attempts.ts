/** Wrong PINs so far; written before a PIN is tried, so that switching off in the middle does not win a try. */
export interface Attempts {
  readonly failed: number
  /** Milliseconds since 1970 of the last try. */
  readonly last: number
}

export const noAttempts: Attempts = { failed: 0, last: 0 }

/** Seconds to wait after this many wrong tries in a row: a typing mistake costs nothing, guessing costs an hour each. */
const waits = [0, 0, 0, 0, 30, 60, 300, 900, 3600] as const

function waitAfter(failed: number): number {
  return waits[Math.min(failed, waits.length - 1)] ?? 3600
}

/** @returns whole seconds until the next try is allowed. A clock set back starts the wait again instead of ending it. */
export function waitSeconds({ failed, last }: Attempts, now: number): number {
  const wait = waitAfter(failed) * 1000
  const passed = now - last
  return passed < 0 ? wait / 1000 : Math.max(0, Math.ceil((wait - passed) / 1000))
}

/** Wrong tries that are still free of a wait, at least 1: when the wait is over one try is always allowed. */
export function attemptsLeft({ failed }: Attempts): number {
  return Math.max(1, waits.findIndex((each) => each > 0) - failed)
}
