import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '../problem.ts'

/** Length is what makes a passphrase strong; rules about signs and digits do not (NIST SP 800-63B). */
const shortest = 12
const longest = 256
/** 32 MB and about 100 ms a guess on a server of 2026. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 1 }

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** @throws ProblemError `invalid-request` when it is too short, too long or the account's own name. */
export function checkPassphrase(passphrase: string, login: string): void {
  const { length } = passphrase
  if (length < shortest || length > longest)
    throw new ProblemError('invalid-request', `A passphrase has ${shortest} to ${longest} characters; four or five words do.`)
  if (new Set(passphrase).size < 5 || passphrase.toLowerCase().replaceAll(login, '').length < shortest / 2)
    throw new ProblemError('invalid-request', 'This passphrase is too easy to guess; take four or five words that do not belong together.')
}

/** @returns `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const { N, r, p } = cost
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${(await derive(passphrase, salt, cost)).toString('base64url')}`
}

/** Takes as long for an account that does not exist (`stored` null) as for one that does. */
export async function isPassphrase(passphrase: string, stored: string | null): Promise<boolean> {
  if (stored === null) {
    await derive(passphrase, Buffer.alloc(16), cost)
    return false
  }
  const [, N, r, p, salt = '', hash = ''] = stored.split('$')
  const derived = await derive(passphrase, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  const expected = Buffer.from(hash, 'base64url')
  return expected.length === derived.length && timingSafeEqual(derived, expected)
}

function derive(passphrase: string, salt: Uint8Array, { N, r, p }: Cost): Promise<Buffer> {
  const options = { N, r, p, maxmem: 2 * 128 * N * r }
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key))),
  )
}
