import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from './role.ts'

const sessionMs = 8 * 3_600_000
const idleMs = 30 * 60_000

/** Who is signed in. Sessions live in memory: a restart signs everybody out, and no store holds a secret that opens the office. */
export interface Sessions {
  /** @returns the secret for the cookie */
  start(login: string): string
  /** The account of a session, or undefined when it ended, was idle for half an hour, or is eight hours old. */
  who(secret: string | undefined): string | undefined
  end(secret: string): void
  /** Ends every session of an account: suspended, or its rights changed. */
  endAll(login: string): void
}

export function openSessions(now: () => Date): Sessions {
  const sessions = new Map<string, { readonly login: string; readonly started: number; used: number }>()
  return {
    start(login) {
      const secret = randomBytes(24).toString('base64url')
      sessions.set(hashOf(secret), { login, started: now().getTime(), used: now().getTime() })
      return secret
    },
    who(secret) {
      if (secret === undefined) return undefined
      const session = sessions.get(hashOf(secret))
      const at = now().getTime()
      if (!session || at - session.started > sessionMs || at - session.used > idleMs) {
        sessions.delete(hashOf(secret))
        return undefined
      }
      session.used = at
      return session.login
    },
    end: (secret) => void sessions.delete(hashOf(secret)),
    endAll(login) {
      for (const [hash, session] of sessions) if (session.login === login) sessions.delete(hash)
    },
  }
}

/** Whoever can read the terminal of the server: every act of the office, as one person. */
export const terminalActor: Actor = { login: 'terminal', roles: ['administrator', 'supervisor', 'statistician', 'custodian'], areas: [] }

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')
