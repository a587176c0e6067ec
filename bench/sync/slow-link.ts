import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface LinkQuality {
  /** Each way; null: as fast as it goes. */
  readonly bitsPerSecond: number | null
  /** Added to each round trip. */
  readonly roundTripMs: number
  /** Chance that the connection breaks when a request has begun. */
  readonly drop: number
}

export interface Link {
  readonly url: string
  /** Bytes of both ways since the last look, headers included. */
  bytes(): { readonly up: number; readonly down: number }
  /** Connections broken so far. */
  drops(): number
  close(): Promise<void>
}

/** Bytes that travel together: a server that hears nothing while a large piece is on its way would hang up. */
const packet = 1400

function* packetsOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at === 0 || at < chunk.length; at += packet) yield chunk.subarray(at, at + packet)
}

/** A connection like a phone's in a village, in front of a server on this machine. */
export async function openLink(
  target: string,
  { bitsPerSecond, roundTripMs, drop }: LinkQuality,
  chance: () => number = Math.random,
): Promise<Link> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const counted = { up: 0, down: 0 }
  let dropped = 0
  // Each way is one queue for all connections, as one antenna is.
  const free = { up: 0, down: 0 }
  const later = (work: () => void, ms: number) => void (ms <= 0 ? work() : setTimeout(work, ms))
  /** The source reads on when all of the chunk is on its way: a broken connection has not used the link for what it never sent. */
  const carry = (way: 'up' | 'down', chunk: Uint8Array, source: Socket, deliver: (packet: Uint8Array) => void) => {
    counted[way] += chunk.length
    source.pause()
    for (const each of packetsOf(chunk)) {
      const now = performance.now()
      free[way] = Math.max(now, free[way]) + (bitsPerSecond === null ? 0 : (each.length * 8000) / bitsPerSecond)
      later(() => deliver(each), free[way] - now + roundTripMs / 2)
    }
    later(() => source.resume(), free[way] - performance.now())
  }
  const server = createServer((phone) => {
    const gateway = connect(Number(port), hostname)
    let answered = true
    for (const each of [phone, gateway]) {
      sockets.add(each)
      each.on('error', () => each.destroy())
      each.on('close', () => sockets.delete(each))
    }
    phone.on('data', (chunk: Buffer) => {
      let breaks = answered && chance() < drop
      answered = false
      carry('up', chunk, phone, (each) => {
        if (breaks) {
          breaks = false
          dropped += 1
          // What it had not sent yet does not use the link.
          free.up = performance.now()
          phone.destroy()
          gateway.destroy()
        } else if (gateway.writable) gateway.write(each)
      })
    })
    gateway.on('data', (chunk: Buffer) => {
      answered = true
      carry('down', chunk, gateway, (each) => phone.writable && phone.write(each))
    })
    phone.on('close', () => gateway.destroy())
    gateway.on('end', () => carry('down', new Uint8Array(), gateway, () => phone.end()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drops: () => dropped,
    bytes: () => {
      const seen = { ...counted }
      counted.up = 0
      counted.down = 0
      return seen
    },
    close: async () => {
      for (const each of sockets) each.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
