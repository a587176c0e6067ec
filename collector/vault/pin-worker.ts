import code from 'argon2id/dist/simd.wasm?url'
import type { PinCost } from './pin-cost.ts'
import { pinKeyDeriver } from './pin-key.ts'

// argon2id takes a second on a cheap phone: in a worker the screen stays alive.
// A worker answers its own page: there is no origin to name.
const answer = (message: unknown) => self.postMessage(message, { transfer: [] })

async function derive({ pin, salt, cost }: { readonly pin: string; readonly salt: Uint8Array; readonly cost: PinCost }) {
  const response = await fetch(code)
  return await pinKeyDeriver(new Uint8Array(await response.arrayBuffer()))(pin, salt, cost)
}

self.addEventListener('message', ({ data }: MessageEvent<Parameters<typeof derive>[0]>) => {
  derive(data).then(
    (key) => answer({ key }),
    (error: unknown) => answer({ error: String(error) }),
  )
})
