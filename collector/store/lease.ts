import type { Keep } from './keep.ts'

/** Without any contact for this long the phone locks until the server has answered it once: it may be lost. */
export const leaseDays = 30
const dayMs = 86_400_000
const id = 'lease'

interface Contact {
  /** Milliseconds since 1970 of the last answer of the server. */
  readonly met: number
  /** The latest time this phone ever saw: a clock that is set back does not make the lease longer. */
  readonly latest: number
}

export async function noteContact(keep: Keep, now: number): Promise<void> {
  const before = await keep.get<Contact>('settings', id)
  // After a clock that ran far ahead was put right, the contact itself says what time it is.
  await keep.write([['settings', id, { met: now, latest: before ? Math.max(before.met, now) : now }]])
}

export async function isLeaseOver(keep: Keep, now: number): Promise<boolean> {
  const contact = await keep.get<Contact>('settings', id)
  if (!contact) return false
  const latest = Math.max(contact.latest, now)
  // The first screen does not wait for it, and a phone without any room must still open: what cannot be noted now is noted the next time.
  if (latest > contact.latest) keep.write([['settings', id, { ...contact, latest }]]).catch(() => {})
  return latest - contact.met > leaseDays * dayMs
}
