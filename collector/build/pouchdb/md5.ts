// PouchDB names revisions and checkpoints by MD5; nothing is kept secret or proven by it.
const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const
const sines = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32))

/** MD5 (RFC 1321): 16 bytes. */
export function md5(bytes: Uint8Array): Uint8Array {
  const blocks = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6))
  new Uint8Array(blocks.buffer).set(bytes)
  blocks.setUint8(bytes.length, 0x80)
  blocks.setUint32(blocks.byteLength - 8, bytes.length << 3, true)
  blocks.setUint32(blocks.byteLength - 4, bytes.length >>> 29, true)
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let at = 0; at < blocks.byteLength; at += 64) addBlock(state, blocks, at)
  const digest = new DataView(new ArrayBuffer(16))
  state.forEach((word, index) => digest.setUint32(index * 4, word, true))
  return new Uint8Array(digest.buffer)
}

function addBlock(state: Uint32Array, blocks: DataView, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const [mixed, word] = [
      [(b & c) | (~b & d), step],
      [(d & b) | (~d & c), 5 * step + 1],
      [b ^ c ^ d, 3 * step + 5],
      [c ^ (b | ~d), 7 * step],
    ][round] as [number, number]
    const sum = (a + mixed + (sines[step] ?? 0) + blocks.getUint32(at + (word % 16) * 4, true)) | 0
    const shift = shifts[round as 0 | 1 | 2 | 3][step % 4] ?? 0
    ;[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0]
  }
  state.set([a, b, c, d].map((word, index) => word + (state[index] ?? 0)))
}

/** 32 hex digits: a revision of PouchDB, the same on every phone for the same document. */
export function stringMd5(text: string): string {
  return Array.from(md5(new TextEncoder().encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** base64; the text is one byte per character. */
export function binaryMd5(text: string, done: (digest: string) => void): void {
  done(btoa(String.fromCharCode(...md5(Uint8Array.from(text, (character) => character.charCodeAt(0))))))
}
