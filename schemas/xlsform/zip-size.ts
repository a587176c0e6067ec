const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50

/**
 * Bytes that a zip file says it unpacks to, from its central directory; undefined when there is none to be read.
 * @source PKWARE APPNOTE 6.3, sections 4.3.12 and 4.3.16.
 */
export function unpackedSize(zip: Uint8Array): number | undefined {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  // The end record is 22 bytes and a comment of at most 65,535.
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at -= 1) {
    if (view.getUint32(at, true) !== endOfDirectory) continue
    return sumOfEntries(view, view.getUint32(at + 16, true), view.getUint16(at + 10, true))
  }
  return undefined
}

function sumOfEntries(view: DataView, start: number, count: number): number | undefined {
  let at = start
  let sum = 0
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== directoryEntry) return undefined
    sum += view.getUint32(at + 24, true)
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return sum
}
