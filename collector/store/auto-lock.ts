import type { Phone } from '../phone.ts'

/** A phone left on a table closes itself after this long without a touch; the draft keeps the question. */
const idleMs = 5 * 60_000
const checkMs = 15_000

export function lockWhenIdle(phone: Pick<Phone, 'state' | 'lock'>, now: () => number = Date.now): void {
  let touched = now()
  const touch = () => {
    touched = now()
  }
  for (const event of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(event, touch, { capture: true, passive: true })
  const check = () => {
    if (phone.state().kind === 'open' && now() - touched >= idleMs) void phone.lock()
    // While nothing is open the clock stands still, so that unlocking does not end in a lock.
    else if (phone.state().kind !== 'open') touch()
  }
  setInterval(check, checkMs)
  // Timers sleep with the screen: what matters is the time when somebody looks again.
  document.addEventListener('visibilitychange', check)
}
