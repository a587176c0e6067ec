import { createHash, randomBytes } from 'node:crypto'

const codeMs = 3_600_000

/** The first door, before anybody has an account: whoever can read the terminal of the server. Codes work once, within an hour. */
export interface Entrance {
  issue(): string
  /** @returns whether the code was good; it is used up. */
  enter(code: string): boolean
}

export function openEntrance(now: () => Date): Entrance {
  const codes = new Map<string, number>()
  return {
    issue() {
      const code = randomBytes(24).toString('base64url')
      codes.set(hashOf(code), now().getTime() + codeMs)
      return code
    },
    enter(code) {
      const until = codes.get(hashOf(code)) ?? 0
      codes.delete(hashOf(code))
      return until > now().getTime()
    },
  }
}

const hashOf = (code: string) => createHash('sha256').update(code).digest('base64url')
