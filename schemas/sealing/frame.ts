import { deflateSync, Inflate } from 'fflate'

/** Sizes a frame is padded to, in bytes: each at most 1.5 times the one before, so that length tells little about the household. */
export const buckets: readonly number[] = Object.freeze([
  128, 160, 192, 256, 384, 512, 640, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 40960,
])

const lengthBytes = 4
/** A household of 30 people is about 40 kB of JSON; more than this is a bomb. */
const largestText = 2_000_000

/** The frame is not one that `pack` made with this dictionary. */
export class FrameError extends Error {
  override name = 'FrameError'
}

/**
 * The plaintext to seal: 4-byte big-endian length of the deflated bytes, the bytes (raw deflate with the preset dictionary), zeros up to a bucket.
 * @param dictionary of the questionnaire version (`dictionaryFor`), or empty.
 * @param smallest bucket to pad to, in bytes: parts that are usually small all look alike.
 * @throws FrameError when the text does not fit the largest bucket.
 */
export function pack(text: string, dictionary: Uint8Array, smallest = 0): Uint8Array<ArrayBuffer> {
  const deflated = deflateSync(new TextEncoder().encode(text), { level: 9, ...(dictionary.length > 0 && { dictionary }) })
  const needed = lengthBytes + deflated.length
  const size = buckets.find((each) => each >= Math.max(needed, smallest))
  if (size === undefined) throw new FrameError(`The interview is too long to seal: ${needed} bytes, at most ${buckets.at(-1) ?? 0}.`)
  const frame = new Uint8Array(size)
  new DataView(frame.buffer).setUint32(0, deflated.length)
  frame.set(deflated, lengthBytes)
  return frame
}

/**
 * The text inside a frame.
 * @throws FrameError when the frame is damaged, the dictionary is another one, or the text is larger than any interview.
 */
export function unpack(frame: Uint8Array, dictionary: Uint8Array): string {
  if (frame.length < lengthBytes) throw new FrameError('The frame is too short.')
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0)
  if (length > frame.length - lengthBytes) throw new FrameError('The frame is cut off.')
  const pieces: Uint8Array[] = []
  let total = 0
  let complete = false
  try {
    const inflate = new Inflate({ ...(dictionary.length > 0 && { dictionary }) }, (piece, last) => {
      total += piece.length
      if (total > largestText) throw new FrameError('The frame holds more than an interview can.')
      pieces.push(piece)
      complete ||= last
    })
    // Small steps, so that a bomb is seen before it has grown.
    const deflated = frame.subarray(lengthBytes, lengthBytes + length)
    for (let at = 0; at < length; at += 512) inflate.push(deflated.subarray(at, at + 512), at + 512 >= length)
  } catch (error) {
    if (error instanceof FrameError) throw error
    throw new FrameError('The frame does not inflate with this dictionary.', { cause: error })
  }
  if (!complete) throw new FrameError('The frame is empty.')
  return decode(joined(pieces, total))
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new FrameError('The frame does not inflate with this dictionary.', { cause: error })
  }
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
