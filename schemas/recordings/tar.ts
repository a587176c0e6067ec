/** One file of an archive. */
export interface ArchivedFile {
  /** Path with slashes, at most 100 bytes. */
  readonly name: string
  readonly bytes: Uint8Array
}

const block = 512
const padded = (size: number) => Math.ceil(size / block) * block

/**
 * Writes an uncompressed POSIX ustar archive: any tar program opens it. Times are zero, so the same files give the same bytes.
 * @throws RangeError for a name that does not fit.
 */
export function writeTar(files: readonly ArchivedFile[]): Uint8Array {
  const size = files.reduce((sum, { bytes }) => sum + block + padded(bytes.length), 2 * block)
  const archive = new Uint8Array(size)
  let at = 0
  for (const { name, bytes } of files) {
    archive.set(header(name, bytes.length), at)
    archive.set(bytes, at + block)
    at += block + padded(bytes.length)
  }
  return archive
}

/**
 * The plain files of a tar archive; folders, links and extensions are passed over.
 * @throws RangeError when the archive is cut off or is none.
 */
export function readTar(archive: Uint8Array): readonly ArchivedFile[] {
  const files: ArchivedFile[] = []
  const text = new TextDecoder()
  const field = (at: number, length: number) => text.decode(archive.subarray(at, at + length)).replace(/\0.*$/s, '')
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12).trim(), 8)
    const end = at + block + size
    if (!field(at + 257, 5).startsWith('ustar') || !Number.isInteger(size) || end > archive.length)
      throw new RangeError('this is not a whole tar archive')
    const kind = field(at + 156, 1)
    if (kind === '0' || kind === '') files.push({ name: field(at, 100).replace(/^\.\//, ''), bytes: archive.slice(at + block, end) })
    at += block + padded(size)
  }
  return files
}

function header(name: string, size: number): Uint8Array {
  const encoded = new TextEncoder().encode(name)
  if (encoded.length > 100) throw new RangeError('a name in an archive has at most 100 bytes')
  const bytes = new Uint8Array(block)
  const put = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at)
  bytes.set(encoded)
  // Mode, owner, group, size, time.
  const numbers = ['0000644', '0000000', '0000000', size.toString(8).padStart(11, '0'), '00000000000']
  put(100, numbers.map((each) => `${each}\0`).join(''))
  put(148, ' '.repeat(8))
  put(156, '0')
  put(257, 'ustar\x0000')
  const sum = bytes.reduce((total, each) => total + each, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return bytes
}
