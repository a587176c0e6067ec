import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { ProblemError } from '../problem.ts'
import type { KeyProvider } from './keys.ts'
import { joinShares, type Share, splitSecret } from './shares.ts'
import type { StoredKey } from './stored-key.ts'

/** A copy of the whole keyring that no one person can open. */
export interface KeyringExport {
  readonly schema: 'keyring-export/1'
  readonly threshold: number
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

/** The export, and the shares of its key as lines of text: one for each custodian, on paper or another device. */
export function exportKeyring(
  keys: KeyProvider,
  count: number,
  threshold: number,
): { readonly file: KeyringExport; readonly shares: readonly string[] } {
  const secret = randomBytes(32)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, iv)
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(storedKeys(keys)), 'utf8'), cipher.final()])
  const [first, second, third] = [iv, ciphertext, cipher.getAuthTag()].map((bytes) => bytes.toString('base64url'))
  const file = { schema: 'keyring-export/1' as const, threshold, iv: first ?? '', ciphertext: second ?? '', tag: third ?? '' }
  return { file, shares: splitSecret(secret, count, threshold).map(shareText) }
}

/** @throws ProblemError `shares-insufficient` when there are too few shares, or one is mistyped or of another export. */
export function importKeyring(file: KeyringExport, shares: readonly string[]): readonly StoredKey[] {
  const distinct = new Map(shares.map(readShare).map((share) => [share.number, share]))
  if (distinct.size < file.threshold)
    throw new ProblemError('shares-insufficient', `${file.threshold} different shares are needed, ${distinct.size} were given.`)
  const [iv, ciphertext, tag] = [file.iv, file.ciphertext, file.tag].map((text) => Buffer.from(text, 'base64url'))
  try {
    const decipher = createDecipheriv('aes-256-gcm', joinShares([...distinct.values()]), iv ?? Buffer.alloc(0), { authTagLength: 16 })
    decipher.setAuthTag(tag ?? Buffer.alloc(0))
    return JSON.parse(Buffer.concat([decipher.update(ciphertext ?? Buffer.alloc(0)), decipher.final()]).toString('utf8')) as StoredKey[]
  } catch {
    throw new ProblemError('shares-insufficient', 'The shares do not open this export; check that they were made together with it.')
  }
}

export function storedKeys(keys: KeyProvider): readonly StoredKey[] {
  return keys
    .all()
    .map(({ kid, purpose, state, created, key }) => ({ schema: 'key/1', kid, purpose, state, created, jwk: key.export({ format: 'jwk' }) }))
}

const prefix = 'tala-share'

/** `tala-share-1-<bytes>-<check>`: the check finds a mistyped letter before the shares are put together. */
function shareText({ number, bytes }: Share): string {
  const body = `${prefix}-${number}-${Buffer.from(bytes).toString('hex')}`
  return `${body}-${check(body)}`
}

function readShare(text: string): Share {
  const [body = '', number = '', hex = '', given] =
    /^(tala-share-(\d{1,3})-([0-9a-f]{64}))-([0-9a-f]{8})$/.exec(text.trim().toLowerCase())?.slice(1) ?? []
  if (given === undefined || check(body) !== given)
    throw new ProblemError(
      'shares-insufficient',
      'A share is mistyped: it is one line that begins with tala-share- and ends with eight digits or letters a to f.',
    )
  return { number: Number(number), bytes: Buffer.from(hex, 'hex') }
}

const check = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 8)
