import { deflateSync } from 'node:zlib'

/** The app's picture: a star over a written line, in the colour of action. Drawn here so that no binary file needs a source. */
const background = [0x0b, 0x5d, 0x57] as const
const drawing = [0xff, 0xff, 0xff] as const
/** Points looked at per pixel and direction: smooth edges. */
const samples = 4

/**
 * A square PNG, RGBA 8 bit.
 * @param reach part of the half width that the drawing fills: 0.8, or 0.55 for a maskable icon, whose edges phones cut off.
 */
export function drawIcon(size: number, reach: number): Uint8Array {
  const rows = Array.from({ length: size }, (_, y) => {
    const row = Buffer.alloc(1 + size * 4)
    for (let x = 0; x < size; x++) row.set([...mixed(coverage(x, y, size, reach)), 255], 1 + x * 4)
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

function mixed(part: number): readonly number[] {
  return background.map((each, at) => Math.round(each + ((drawing[at] ?? 0) - each) * part))
}

function coverage(x: number, y: number, size: number, reach: number): number {
  const isInside = (right: number, down: number) => {
    const at = (pixel: number) => ((pixel / size) * 2 - 1) / reach
    return isDrawn(at(x + right), at(y + down))
  }
  // Most pixels lie far from every edge.
  const corners = isInside(0, 0) ? 1 : 0
  if ([isInside(1, 0), isInside(0, 1), isInside(1, 1)].every((each) => each === (corners === 1))) return corners
  let inside = 0
  for (let i = 0; i < samples; i++) for (let j = 0; j < samples; j++) if (isInside((i + 0.5) / samples, (j + 0.5) / samples)) inside++
  return inside / samples ** 2
}

/** Corners of the eight-pointed star: four long points, four short ones, notches between. */
const star: readonly (readonly [x: number, y: number])[] = Array.from({ length: 16 }, (_, corner) => {
  const reach = corner % 2 === 1 ? 0.3 : corner % 4 === 0 ? 0.82 : 0.52
  const angle = (corner * Math.PI) / 8
  return [reach * Math.sin(angle), -0.18 - reach * Math.cos(angle)]
})

/** The star above, a written line below; coordinates from -1 to 1. */
function isDrawn(x: number, y: number): boolean {
  if (y > 0.76 && y < 0.9) return Math.abs(x) < 0.7
  if (Math.abs(x) > 0.9 || y > 0.76) return false
  return star.reduce((inside, [cx, cy], at) => {
    const [px, py] = star.at(at - 1) ?? [0, 0]
    const crosses = cy > y !== py > y && x < ((px - cx) * (y - cy)) / (py - cy) + cx
    return crosses ? !inside : inside
  }, false)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
