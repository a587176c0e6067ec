import { partBytes, readRecordings, type RecordingsOffer } from '../../schemas/recordings/recordings.ts'
import { hex } from '../vault/bytes.ts'
import { fillShelf } from './shelf.ts'

/**
 * Brings a pack part by part. What has arrived stays when the connection breaks: the next try goes on there.
 * @param progress part of it that is here, 0 to 1.
 * @throws what `part` threw; RangeError when what arrived is not what was offered.
 */
export async function bringRecordings(
  { sha256, parts, bytes }: RecordingsOffer,
  part: (number: number) => Promise<Uint8Array>,
  progress: (share: number) => void,
): Promise<void> {
  const name = `tala-recordings-parts:${sha256}`
  const arrived = await caches.open(name)
  const archive = new Uint8Array(bytes)
  for (let number = 0; number < parts; number++) {
    const url = `/recordings/part/${number}`
    const here = await arrived.match(url)
    const content = here ? new Uint8Array(await here.arrayBuffer()) : await part(number)
    if (number * partBytes + content.length > bytes) break
    if (!here) await arrived.put(url, new Response(content.slice().buffer))
    archive.set(content, number * partBytes)
    progress((number + 1) / parts)
  }
  const isWhole = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', archive))) === sha256
  await caches.delete(name)
  if (!isWhole) throw new RangeError('the recordings that arrived are not the ones that were offered')
  await fillShelf(readRecordings(archive), sha256)
}
