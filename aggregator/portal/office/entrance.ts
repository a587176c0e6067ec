import { createHash, randomBytes } from 'node:crypto'

const codeMs = 3_600_000
const sessionMs = 8 * 3_600_000

/** Who may use the office page: whoever can read the terminal of the server. Codes work once; sessions end with the process. */
export interface Entrance {
  /** A new one-time code, valid for an hour. */
  issue(): string
  /** @returns a session for a code that was not used yet */
  enter(code: string): string | undefined
  isInside(session: string | undefined): boolean
  leave(session: string): void
}

export function openEntrance(now: () => Date): Entrance {
  const codes = new Map<string, number>()
  const sessions = new Map<string, number>()
  const fresh = (kept: Map<string, number>, ms: number) => {
    const secret = randomBytes(24).toString('base64url')
    kept.set(hashOf(secret), now().getTime() + ms)
    return secret
  }
  const isGood = (kept: Map<string, number>, secret: string) => (kept.get(hashOf(secret)) ?? 0) > now().getTime()
  return {
    issue: () => fresh(codes, codeMs),
    enter(code) {
      const good = isGood(codes, code)
      codes.delete(hashOf(code))
      return good ? fresh(sessions, sessionMs) : undefined
    },
    isInside: (session) => session !== undefined && isGood(sessions, session),
    leave: (session) => void sessions.delete(hashOf(session)),
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')
