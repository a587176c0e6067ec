import { canonicalJson } from '../../schemas/canonical.ts'
import { base64url, type Bytes, fromBase64url, fromUtf8, sha256Hex, utf8 } from '../vault/bytes.ts'
import { gunzip, gzip } from '../vault/gzip.ts'
import type { OutboxRecord } from './outbox.ts'
import { PhoneError } from './phone-error.ts'

/**
 * Sealed records on their way by hand: a file, or a row of QR pictures. The carrier cannot read them, and cannot make any up:
 * the phone that interviewed signs the bundle with the key the server knows.
 */
export interface HandOver {
  readonly schema: 'hand-over/1'
  readonly device: string
  /** As they lie in the outbox, so that they are the same records by whichever way they come. */
  readonly records: readonly OutboxRecord[]
  /** base64url, ECDSA P-256 SHA-256 (raw r|s) by the device's key over the canonical JSON of `{device, records, schema}`. */
  readonly signature: string
}

export async function signHandOver(device: string, records: readonly OutboxRecord[], key: CryptoKey): Promise<HandOver> {
  const content = { schema: 'hand-over/1' as const, device, records }
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, utf8(canonicalJson(content)))
  return { ...content, signature: base64url(new Uint8Array(signature)) }
}

export const handOverFile = (bundle: HandOver): Promise<Bytes> => gzip(utf8(JSON.stringify(bundle)))

/** @throws PhoneError `phone.hand-over-unreadable` for anything else than a hand-over. */
export async function readHandOver(file: Bytes): Promise<HandOver> {
  try {
    const bundle = JSON.parse(fromUtf8(await gunzip(file))) as HandOver
    if (bundle.schema !== 'hand-over/1' || !Array.isArray(bundle.records)) throw new TypeError('another file')
    return bundle
  } catch (error) {
    throw new PhoneError('phone.hand-over-unreadable', { cause: error })
  }
}

/** What fits one QR code that a cheap camera still reads at arm's length: about version 15, medium correction. */
const partLength = 400

/** The file as texts for QR codes, shown in turn again and again: `TALA:<id>:<part>:<parts>:<base64url>`. */
export async function qrParts(file: Bytes): Promise<readonly string[]> {
  const text = base64url(file)
  const id = (await sha256Hex(text)).slice(0, 8)
  const parts = Math.max(1, Math.ceil(text.length / partLength))
  return Array.from({ length: parts }, (_, at) => `TALA:${id}:${at + 1}:${parts}:${text.slice(at * partLength, (at + 1) * partLength)}`)
}

/** Puts the pictures together in whatever order they were seen, twice or upside down. */
export interface QrCollection {
  /** @returns how many of how many were seen; a text that is no part of this hand-over changes nothing. */
  see(text: string): { readonly seen: number; readonly parts: number }
  /** The file once every part was seen and its check sum agrees, else null. */
  file(): Promise<Bytes | null>
}

export function collectQrParts(): QrCollection {
  const seen = new Map<number, string>()
  let id: string | undefined
  let parts = 0
  return {
    see(text) {
      const match = /^TALA:([0-9a-f]{8}):(\d{1,4}):(\d{1,4}):([\w-]*)$/.exec(text)
      if (match?.[1] && (id === undefined || id === match[1])) {
        id = match[1]
        parts = Number(match[3])
        seen.set(Number(match[2]), match[4] ?? '')
      }
      return { seen: seen.size, parts }
    },
    async file() {
      if (parts === 0 || seen.size < parts) return null
      const text = Array.from({ length: parts }, (_, at) => seen.get(at + 1) ?? '').join('')
      return (await sha256Hex(text)).startsWith(id ?? '-') ? fromBase64url(text) : null
    },
  }
}
