// One process of readers: asks for addresses again and again over kept connections, and prints what it measured as JSON.
import { Agent, request } from 'node:http'

const { base, paths, readers, seconds } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly base: string
  readonly paths: readonly string[]
  readonly readers: number
  readonly seconds: number
}
const agent = new Agent({ keepAlive: true, maxSockets: readers })
const milliseconds: number[] = []
const statuses: Record<string, number> = {}
const stopAt = performance.now() + seconds * 1000
let bytes = 0

/** Each reader has an address of its own, as behind a proxy: the limit per address is part of what is measured. */
async function read(path: string, reader: number): Promise<void> {
  const started = performance.now()
  await new Promise<void>((done, failed) => {
    const headers = { 'x-forwarded-for': `10.0.${reader >> 8}.${reader & 255}`, 'accept-encoding': 'gzip' }
    request(`${base}${path}`, { agent, headers }, (response) => {
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => {
        statuses[response.statusCode ?? 0] = (statuses[response.statusCode ?? 0] ?? 0) + 1
        done()
      })
    })
      .on('error', failed)
      .end()
  })
  milliseconds.push(performance.now() - started)
}

await Promise.all(
  Array.from({ length: readers }, async (_, reader) => {
    for (let turn = reader; performance.now() < stopAt; turn++) await read(paths[turn % paths.length] ?? '/', reader)
  }),
)
agent.destroy()
const sorted = milliseconds.toSorted((a, b) => a - b)
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
process.stdout.write(
  JSON.stringify({ requests: sorted.length, perSecond: sorted.length / seconds, p50: at(0.5), p99: at(0.99), bytes, statuses }),
)
