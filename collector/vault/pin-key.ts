import { argon2id } from 'hash-wasm'
import type { Bytes } from './bytes.ts'

/** What one try of a PIN costs. Stored beside the salt, so that a phone may change it at the next PIN change. */
export interface PinCost {
  readonly memoryKiB: number
  readonly iterations: number
}

/** About 0.2 s on a desktop, 1 s on a cheap phone. */
export const strongCost: PinCost = { memoryKiB: 64 * 1024, iterations: 3 }
/** For phones that cannot give 64 MiB to a page. */
export const smallCost: PinCost = { memoryKiB: 19 * 1024, iterations: 2 }

/** 32 bytes from PIN and salt by argon2id (RFC 9106). */
export async function derivePinKey(pin: string, salt: Uint8Array, { memoryKiB, iterations }: PinCost): Promise<Bytes> {
  const key = await argon2id({
    password: pin.normalize('NFKC'),
    salt,
    memorySize: memoryKiB,
    iterations,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  })
  return new Uint8Array(key)
}

export type DerivePinKey = typeof derivePinKey
