import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Draft } from '../phone.ts'
import { base64url, type Bytes, fromBase64url, fromUtf8, joined, utf8 } from '../vault/bytes.ts'
import { gunzip, gzip } from '../vault/gzip.ts'
import { type PinCost, strongCost } from '../vault/pin-cost.ts'
import type { DerivePinKey } from '../vault/pin-key.ts'
import { PhoneError } from './phone-error.ts'

/** What a backup brings back. */
export interface BackupContent {
  readonly drafts: readonly Draft[]
  /** Finished records, sealed as they were: restoring sends the same bytes, so they count once however they arrive. */
  readonly records: readonly {
    readonly sealed: SealedRecord
    readonly draft: Draft | null
    readonly label: string
    readonly withdrawalCode: string
  }[]
}

/** The outside of a backup file; everything else in it is noise without the PIN. */
interface BackupHead {
  readonly schema: 'tala-backup/1'
  readonly device: string
  readonly made: string
  readonly salt: string
  readonly cost: PinCost
  readonly iv: string
}

/** Sizes are rounded up, so that a backup does not tell how many interviews are in it. */
const blockBytes = 65_536

/**
 * A file with everything that is only on this phone, encrypted under the PIN.
 * Line 1 is the head as JSON, the rest are bytes: AES-256-GCM of the gzipped content, authenticated together with the head.
 */
export async function writeBackup(
  content: BackupContent,
  about: { device: string; made: string; pin: string; derive: DerivePinKey },
): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const { device, made, pin, derive } = about
  const head: BackupHead = { schema: 'tala-backup/1', device, made, salt: base64url(salt), cost: strongCost, iv: base64url(iv) }
  const line = utf8(`${JSON.stringify(head)}\n`)
  const packed = await gzip(utf8(JSON.stringify(content)))
  const padded = new Uint8Array(Math.ceil((packed.length + 4) / blockBytes) * blockBytes)
  new DataView(padded.buffer).setUint32(0, packed.length)
  padded.set(packed, 4)
  const key = await keyOf(pin, salt, strongCost, derive)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: line }, key, padded)
  return joined(line, new Uint8Array(sealed))
}

/** @throws PhoneError `phone.backup-unreadable` for another file, a damaged one, or a wrong PIN: the three cannot be told apart. */
export async function readBackup(file: Bytes, pin: string, derive: DerivePinKey): Promise<BackupContent & { readonly device: string }> {
  try {
    const end = file.indexOf(10)
    const line = file.slice(0, end + 1)
    const head = JSON.parse(fromUtf8(line)) as BackupHead
    if (head.schema !== 'tala-backup/1') throw new TypeError('another file')
    const key = await keyOf(pin, fromBase64url(head.salt), head.cost, derive)
    const padded = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64url(head.iv), additionalData: line }, key, file.slice(end + 1)),
    )
    const length = new DataView(padded.buffer).getUint32(0)
    const content = JSON.parse(fromUtf8(await gunzip(padded.subarray(4, 4 + length)))) as BackupContent
    return { ...content, device: head.device }
  } catch (error) {
    throw new PhoneError('phone.backup-unreadable', { cause: error })
  }
}

async function keyOf(pin: string, salt: Bytes, cost: PinCost, derive: DerivePinKey): Promise<CryptoKey> {
  return await crypto.subtle.importKey('raw', await derive(pin, salt, cost), 'AES-GCM', false, ['encrypt', 'decrypt'])
}
