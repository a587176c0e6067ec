import { argon2id } from 'hash-wasm'
import type { Bytes } from './bytes.ts'
import type { PinCost } from './pin-cost.ts'

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
