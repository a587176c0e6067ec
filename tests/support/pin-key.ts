import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pinKeyDeriver } from '../../collector/vault/pin-key.ts'

/** The phone's own argon2id, without its worker. */
export const derivePinKey = pinKeyDeriver(new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve('argon2id/dist/simd.wasm')))))
