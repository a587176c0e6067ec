import type { DerivePinKey } from './pin-key.ts'

/** `derivePinKey` in its own worker, ended afterwards so that 64 MiB go back to the phone. */
export const derivePinKeyInWorker: DerivePinKey = async (pin, salt, cost) => {
  const worker = new Worker(new URL('./pin-worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<{ key: Uint8Array<ArrayBuffer> } | { error: string }>) => {
        if ('key' in data) resolve(data.key)
        else reject(new Error(data.error))
      })
      worker.addEventListener('error', (event) => reject(new Error(`The PIN worker stopped: ${event.message}`)))
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      worker.postMessage({ pin, salt, cost })
    })
  } finally {
    worker.terminate()
  }
}
