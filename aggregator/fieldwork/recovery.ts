// A forgotten PIN: each phone locks its data key a second time, to a key whose private half is given to that phone alone, on a supervisor's act.
import { createECDH, hkdfSync, type JsonWebKey, randomBytes } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'

/** What a phone locks its data key to. `kid` is `<key of the keyring>.<nonce>`. */
export interface RecoveryKey {
  readonly kid: string
  /** Public P-256 key. */
  readonly jwk: JsonWebKey
}

/** A fresh one at every enrolment: one that was given out opens nothing that is locked later. */
export function newRecoveryKey(keys: KeyProvider, device: string): RecoveryKey {
  const kid = `${keys.current('recovery').kid}.${randomBytes(12).toString('base64url')}`
  const { d: _, ...jwk } = privateRecoveryKey(keys, device, kid)
  return { kid, jwk }
}

/**
 * The private half, derived and never stored: HKDF-SHA-256 of the keyring's key with the nonce as salt and the device in the info,
 * so that no other phone's name gives it.
 * @throws ProblemError `key-missing` when the keyring no longer has the key.
 */
export function privateRecoveryKey(keys: KeyProvider, device: string, kid: string): JsonWebKey {
  const [master = '', nonce = ''] = kid.split('.')
  const key = keys.get(master)
  if (key?.purpose !== 'recovery')
    throw new ProblemError('key-missing', 'The key for forgotten PINs that this phone was locked to is no longer in the keyring.')
  const curve = createECDH('prime256v1')
  const scalar = scalars(key.key.export(), nonce, device).find((each) => isScalar(curve, each))
  if (!scalar) throw new RangeError('no scalar of P-256 in eight draws')
  curve.setPrivateKey(scalar)
  const point = curve.getPublicKey()
  const text = (from: number) => point.subarray(from, from + 32).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: text(1), y: text(33), d: scalar.toString('base64url') }
}

/** One draw in four billion is no scalar of the curve. */
function scalars(master: Buffer, nonce: string, device: string): readonly Buffer[] {
  return Array.from({ length: 8 }, (_, draw) => Buffer.from(hkdfSync('sha256', master, nonce, `tala-recovery/1 ${device} ${draw}`, 32)))
}

function isScalar(curve: ReturnType<typeof createECDH>, bytes: Buffer): boolean {
  try {
    curve.setPrivateKey(bytes)
    return true
  } catch {
    return false
  }
}
