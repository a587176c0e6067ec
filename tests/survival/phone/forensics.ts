import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** A readable trace of a secret: where it lay, and in which writing. Never the secret itself. */
export interface Hit {
  readonly file: string
  readonly secret: string
  readonly writing: string
}

interface Needle {
  readonly secret: string
  readonly writing: string
  readonly bytes: Buffer
}

/** Searches every file below a folder for secrets in UTF-8, UTF-16, base64 and hex, and inside anything that inflates. */
export function findReadable(folder: string, secrets: Readonly<Record<string, string>>): readonly Hit[] {
  const needles = Object.entries(secrets).flatMap(([secret, text]) => needlesOf(secret, text))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      return findIn(path, contentOf(path), needles)
    })
}

/** The same search in bytes that are no file: a backup, a QR code. */
export function findReadableIn(name: string, bytes: Uint8Array, secrets: Readonly<Record<string, string>>): readonly Hit[] {
  return findIn(
    name,
    Buffer.from(bytes),
    Object.entries(secrets).flatMap(([secret, text]) => needlesOf(secret, text)),
  )
}

function findIn(file: string, content: Buffer, needles: readonly Needle[]): readonly Hit[] {
  const search = (bytes: Buffer, within: string) =>
    needles.filter((needle) => bytes.includes(needle.bytes)).map(({ secret, writing }) => ({ file, secret, writing: within + writing }))
  return [...search(content, ''), ...inflated(content).flatMap((bytes) => search(bytes, 'deflated '))]
}

function needlesOf(secret: string, text: string): readonly Needle[] {
  const plain = Buffer.from(text, 'utf8')
  const needle = (writing: string, bytes: Buffer): Needle => ({ secret, writing, bytes })
  return [
    needle('UTF-8', plain),
    needle('UTF-16', Buffer.from(text, 'utf16le')),
    needle('hex', Buffer.from(plain.toString('hex'))),
    // Base64 looks different at each of three positions; its first and last characters depend on the neighbours.
    ...[0, 1, 2].map((shift) =>
      needle(
        `base64+${shift}`,
        Buffer.from(
          Buffer.concat([Buffer.alloc(shift), plain])
            .toString('base64')
            .replace(/=+$/, '')
            .slice(shift === 0 ? 0 : 4, -2),
        ),
      ),
    ),
  ]
}

/** Everything in the bytes that begins like gzip or zlib and inflates. */
function inflated(content: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  for (const [magic, inflate] of [
    [Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync],
    [Buffer.from([0x78, 0x9c]), inflateSync],
    [Buffer.from([0x78, 0xda]), inflateSync],
  ] as const)
    for (let at = content.indexOf(magic); at >= 0; at = content.indexOf(magic, at + 1)) {
      const bytes = tried(() => inflate(content.subarray(at), { maxOutputLength: 5_000_000, finishFlush: 2 }))
      if (bytes && bytes.length > 0) found.push(bytes)
    }
  const raw = tried(() => inflateRawSync(content, { maxOutputLength: 5_000_000 }))
  return raw ? [...found, raw] : found
}

function tried(work: () => Buffer): Buffer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** A file can vanish between listing and reading while a browser runs. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
