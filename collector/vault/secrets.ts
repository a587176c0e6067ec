import { type Bytes, utf8 } from './bytes.ts'

/** An encrypted value as it lies on the phone. */
export interface Locked {
  readonly iv: Bytes
  readonly bytes: Bytes
}

/** Sizes are rounded up, so that the length of a draft does not tell the size of the household. */
const blockBytes = 1024

/** Encrypts a JSON value with AES-256-GCM. @param where shelf and id: a value moved elsewhere does not open. */
export function lockAway(key: CryptoKey, where: string, value: unknown): Promise<Locked> {
  return lockText(key, where, JSON.stringify(value))
}

/** What encryption adds to a save: any store has to write the value out first. */
export async function lockText(key: CryptoKey, where: string, text: string): Promise<Locked> {
  const json = utf8(text)
  const padded = new Uint8Array(Math.ceil((json.length + 1) / blockBytes) * blockBytes).fill(0x20)
  padded.set(json)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const bytes = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(where) }, key, padded))
  return { iv, bytes }
}

/** @throws DOMException (OperationError) when the key, the place or the bytes are not the ones it was locked with. */
export async function unlockValue<T>(key: CryptoKey, where: string, { iv, bytes }: Locked): Promise<T> {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(where) }, key, bytes)
  return JSON.parse(new TextDecoder().decode(plain)) as T
}
