import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, Response } from 'express'

/** One answer as it is sent. */
export interface Answer {
  /** Nothing at all is answered with 204. */
  readonly body: string | Uint8Array
  readonly type: string
  /** Name under which a browser saves it. */
  readonly file?: string
}

interface Kept {
  readonly plain: Buffer
  readonly small: Buffer | null
  readonly etag: string
  readonly type: string
  readonly file: string | undefined
}

export interface FrozenAnswers {
  /**
   * Sends what was built for the key before, or builds it now. Repeats cost a 304.
   * @param key everything the answer depends on; null when it should not be kept.
   * @param maxAge seconds a browser may keep it without asking.
   */
  send(request: Request, response: Response, key: string | null, maxAge: number, build: () => Promise<Answer>): Promise<void>
}

const compress = promisify(gzip)
/** Formats that are compressed inside. */
const packed = /parquet|spreadsheetml|pdf|zip/

/**
 * Released figures never change, so an answer is made once, compressed once and named by its hash.
 * @param mostBytes memory for kept answers; the ones not asked for longest make room.
 */
export function frozenAnswers(mostBytes = 64_000_000): FrozenAnswers {
  const kept = new Map<string, Promise<Kept>>()
  let bytes = 0
  const sizeOf = ({ plain, small }: Kept) => plain.length + (small?.length ?? 0)
  const makeRoom = async () => {
    for (const [key, each] of kept) {
      if (bytes <= mostBytes) return
      kept.delete(key)
      bytes -= sizeOf(await each)
    }
  }
  const build = async (key: string, make: () => Promise<Answer>): Promise<Kept> => {
    const made = make().then(pack)
    kept.set(key, made)
    try {
      bytes += sizeOf(await made)
    } catch (error) {
      kept.delete(key)
      throw error
    }
    await makeRoom()
    return made
  }
  const find = async (key: string, make: () => Promise<Answer>): Promise<Kept> => {
    const known = kept.get(key)
    if (!known) return build(key, make)
    kept.delete(key)
    kept.set(key, known)
    return known
  }
  return {
    async send(request, response, key, maxAge, make) {
      const { plain, small, etag, type, file } = await (key === null ? make().then(pack) : find(key, make))
      response.set('ETag', etag).set('Cache-Control', `public, max-age=${maxAge}`).vary('Accept-Encoding')
      if (request.fresh) {
        response.status(304).end()
        return
      }
      if (plain.length === 0) {
        response.status(204).end()
        return
      }
      if (file !== undefined) response.attachment(file)
      response.set('Content-Type', type)
      const zipped = small !== null && request.acceptsEncodings('gzip') === 'gzip'
      if (zipped) response.set('Content-Encoding', 'gzip')
      const body = zipped ? small : plain
      response.set('Content-Length', String(body.length)).end(body)
    },
  }
}

async function pack({ body, type, file }: Answer): Promise<Kept> {
  const plain = Buffer.from(body)
  const small = plain.length > 1000 && !packed.test(type) ? await compress(plain, { level: 9 }) : null
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { plain, small, etag, type, file }
}
