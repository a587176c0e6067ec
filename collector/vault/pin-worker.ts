import type { PinCost } from './pin-cost.ts'
import { derivePinKey } from './pin-key.ts'

// argon2id takes a second on a cheap phone: in a worker the screen stays alive.
// A worker answers its own page: there is no origin to name.
const answer = (message: unknown) => self.postMessage(message, { transfer: [] })

self.addEventListener('message', ({ data }: MessageEvent<{ pin: string; salt: Uint8Array; cost: PinCost }>) => {
  derivePinKey(data.pin, data.salt, data.cost).then(
    (key) => answer({ key }),
    (error: unknown) => answer({ error: String(error) }),
  )
})
