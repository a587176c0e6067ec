import argon2id from 'argon2id/lib/argon2id.js'
import type { Bytes } from './bytes.ts'
import type { PinCost } from './pin-cost.ts'

export type DerivePinKey = (pin: string, salt: Uint8Array, cost: PinCost) => Promise<Bytes>

/**
 * Derives 32 bytes from PIN and salt by argon2id (RFC 9106).
 * @param code the WebAssembly of `argon2id/dist/simd.wasm`, which every phone with Chrome 91 or later can run.
 * @throws RangeError when the phone cannot give the memory.
 */
export function pinKeyDeriver(code: Bytes): DerivePinKey {
  return async (pin, salt, { memoryKiB, iterations }) => {
    const memory = new WebAssembly.Memory({ initial: fewestPages, maximum: mostPages })
    const { instance } = await WebAssembly.instantiate(askingForLittle(code), { env: { memory } })
    const password = new TextEncoder().encode(pin.normalize('NFKC'))
    const cost = { passes: iterations, memorySize: memoryKiB, parallelism: 1, tagLength: 32 }
    return new Uint8Array(argon2id({ password, salt, ...cost }, { instance, memory }))
  }
}

/** WebAssembly pages of 64 KiB; the library lets the memory grow to what the cost needs. */
const fewestPages = 2
const mostPages = 65_536

/**
 * The published code asks for 65 MiB even at the smaller cost, which is there for phones that do not have them.
 * In its import of `memory` the name is followed by kind, flags and the smallest size as a LEB128 of two bytes.
 */
function askingForLittle(code: Bytes): Bytes {
  const changed = code.slice()
  const name = new TextDecoder('latin1').decode(code).indexOf('memory')
  if (name < 0 || code[name + 6] !== 2) throw new TypeError('argon2id/dist/simd.wasm is another one: look at its import of memory')
  changed.set([0x80 | fewestPages, 0], name + 8)
  return changed
}
