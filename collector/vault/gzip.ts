import type { Bytes } from './bytes.ts'

/** By the browser's own streams: no library travels to the phone for it. */
export const gzip = (bytes: Bytes): Promise<Bytes> => through(bytes, new CompressionStream('gzip'))

/** @throws TypeError when it is not gzip or was cut off. */
export const gunzip = (bytes: Bytes): Promise<Bytes> => through(bytes, new DecompressionStream('gzip'))

async function through(bytes: Bytes, stream: CompressionStream | DecompressionStream): Promise<Bytes> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())
}
