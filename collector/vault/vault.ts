import { type Attempts, attemptsLeft, noAttempts, waitSeconds } from './attempts.ts'
import { type Bytes, utf8 } from './bytes.ts'
import { type PinCost, smallCost, strongCost } from './pin-cost.ts'
import type { DerivePinKey } from './pin-key.ts'
import { sealTo, type ServerKey } from './seal.ts'
import type { Locked } from './secrets.ts'

/** What lies on the phone: the data key, locked first by the PIN and then by a key of this device. */
export interface VaultRecord {
  readonly schema: 'vault/1'
  readonly salt: Bytes
  readonly cost: PinCost
  /** AES-GCM, not extractable: without this browser profile a copied database cannot even be guessed at. */
  readonly deviceKey: CryptoKey
  readonly locked: Locked
  /** The data key once more, sealed to a key that the server gives back to this phone alone when a supervisor invites it again. */
  readonly recovery?: { readonly kid: string; readonly locked: Locked }
  readonly attempts: Attempts
}

/** Where the vault's record is kept; each write is durable when it resolves. */
export interface VaultShelf {
  read(): Promise<VaultRecord | undefined>
  write(record: VaultRecord): Promise<void>
}

export interface VaultDependencies {
  readonly shelf: VaultShelf
  readonly derive: DerivePinKey
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type Opening =
  | { readonly kind: 'open'; readonly key: CryptoKey }
  | { readonly kind: 'wrong'; readonly waitSeconds: number; readonly attemptsLeft: number }
  | { readonly kind: 'wait'; readonly waitSeconds: number }

/** A public key of the server for this phone's forgotten PIN. */
export type RecoveryKey = Pick<ServerKey, 'kid' | 'jwk'>

interface Recovery {
  readonly kid: string
  /** Compact JWE of the data key. */
  readonly envelope: string
}

/** The PIN's side of the phone: makes, opens and re-locks the data key. The key itself is only ever in memory. */
export interface Vault {
  exists(): Promise<boolean>
  /** Makes a data key under the PIN. @throws TypeError when there is a vault already: its contents would be lost. */
  create(pin: string, recovery?: RecoveryKey): Promise<CryptoKey>
  open(pin: string): Promise<Opening>
  /** False when the old PIN is wrong (which counts as a try). */
  changePin(oldPin: string, newPin: string): Promise<Opening>
  /** Which recovery key opens this vault without its PIN; null when none does. */
  recoveryKid(): Promise<string | null>
  /**
   * A new PIN for a forgotten one.
   * @param privateKey JWK of the recovery key's private half.
   * @param next what the data key is sealed to from now on: the old one was given out.
   */
  recover(privateKey: JsonWebKey, pin: string, next: RecoveryKey | undefined): Promise<CryptoKey>
  waiting(): Promise<{ readonly waitSeconds: number; readonly attemptsLeft: number }>
}

export function createVault({ shelf, derive, now }: VaultDependencies): Vault {
  const read = async () => {
    const record = await shelf.read()
    if (!record) throw new TypeError('This phone has no PIN yet.')
    return record
  }

  const lockUnder = async (pin: string, secret: Bytes, recovery: Recovery | undefined): Promise<VaultRecord> => {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const { pinKey, cost } = await deriveWithinMemory(derive, pin, salt)
    const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const inner = await encrypt(await pinAesKey(pinKey), secret)
    const locked = await encrypt(deviceKey, new Uint8Array([...inner.iv, ...inner.bytes]))
    const record: VaultRecord = { schema: 'vault/1', salt, cost, deviceKey, locked, attempts: noAttempts }
    if (!recovery) return record
    return { ...record, recovery: { kid: recovery.kid, locked: await encrypt(deviceKey, utf8(recovery.envelope)) } }
  }

  const openSecret = async (pin: string): Promise<Bytes | Exclude<Opening, { kind: 'open' }>> => {
    const record = await read()
    const wait = waitSeconds(record.attempts, now())
    if (wait > 0) return { kind: 'wait', waitSeconds: wait }
    const attempts = { failed: record.attempts.failed + 1, last: now() }
    await shelf.write({ ...record, attempts })
    const pinKey = await derive(pin, record.salt, record.cost).catch(async (error: unknown) => {
      await shelf.write(record)
      throw error
    })
    const inner = await decrypt(record.deviceKey, record.locked)
    try {
      const secret = await decrypt(await pinAesKey(pinKey), { iv: inner.slice(0, 12), bytes: inner.slice(12) })
      await shelf.write({ ...record, attempts: noAttempts })
      return secret
    } catch (error) {
      // Web Crypto says OperationError for a wrong key and nothing else; any other failure is ours and must not count as a wrong PIN.
      if (!(error instanceof DOMException) || error.name !== 'OperationError') throw error
      return { kind: 'wrong', waitSeconds: waitSeconds(attempts, now()), attemptsLeft: attemptsLeft(attempts) }
    }
  }

  return {
    exists: async () => (await shelf.read()) !== undefined,
    async create(pin, recovery) {
      if (await shelf.read()) throw new TypeError('This phone has a PIN already.')
      const secret = crypto.getRandomValues(new Uint8Array(32))
      await shelf.write(await lockUnder(pin, secret, await sealedFor(recovery, secret)))
      return await dataKey(secret)
    },
    async open(pin) {
      const secret = await openSecret(pin)
      return secret instanceof Uint8Array ? { kind: 'open', key: await dataKey(secret) } : secret
    },
    async changePin(oldPin, newPin) {
      const secret = await openSecret(oldPin)
      if (!(secret instanceof Uint8Array)) return secret
      const copy = secret.slice()
      await shelf.write(await lockUnder(newPin, copy, await recoveryOf(await read())))
      copy.fill(0)
      return { kind: 'open', key: await dataKey(secret) }
    },
    recoveryKid: async () => (await shelf.read())?.recovery?.kid ?? null,
    async recover(privateKey, pin, next) {
      const recovery = await recoveryOf(await read())
      if (!recovery) throw new TypeError('This vault was never sealed to a recovery key.')
      const { openSealedTo } = await import('./open-sealed-to.ts')
      const secret = await openSealedTo(privateKey, recovery.envelope)
      await shelf.write(await lockUnder(pin, secret, await sealedFor(next, secret)))
      return await dataKey(secret)
    },
    async waiting() {
      const { attempts } = await read()
      return { waitSeconds: waitSeconds(attempts, now()), attemptsLeft: attemptsLeft(attempts) }
    },
  }
}

async function sealedFor(key: RecoveryKey | undefined, secret: Bytes): Promise<Recovery | undefined> {
  return key && { kid: key.kid, envelope: await sealTo(key, secret) }
}

async function recoveryOf({ recovery, deviceKey }: VaultRecord): Promise<Recovery | undefined> {
  return recovery && { kid: recovery.kid, envelope: new TextDecoder().decode(await decrypt(deviceKey, recovery.locked)) }
}

/** A phone with little memory gets the smaller cost instead of no vault. */
async function deriveWithinMemory(derive: DerivePinKey, pin: string, salt: Bytes): Promise<{ pinKey: Bytes; cost: PinCost }> {
  try {
    return { pinKey: await derive(pin, salt, strongCost), cost: strongCost }
  } catch {
    return { pinKey: await derive(pin, salt, smallCost), cost: smallCost }
  }
}

const pinAesKey = (pinKey: Bytes) => crypto.subtle.importKey('raw', pinKey, 'AES-GCM', false, ['encrypt', 'decrypt'])

/** The key in use cannot be read out again, by a screen or a fault. */
async function dataKey(secret: Bytes): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt'])
  secret.fill(0)
  return key
}

const purpose = utf8('tala-vault/1')

async function encrypt(key: CryptoKey, plain: Bytes): Promise<Locked> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, bytes: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: purpose }, key, plain)) }
}

async function decrypt(key: CryptoKey, { iv, bytes }: Locked): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: purpose }, key, bytes))
}
