import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addRecordings, recordingsFor } from '../../../aggregator/fieldwork/recordings.ts'
import { partBytes, type RecordingsOffer, type Sound, writeRecordings } from '../../../schemas/recordings/recordings.ts'
import type { TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'
import { everyKind } from '../../support/every-kind.ts'

let server: TestServer
let phone: TestPhone
beforeAll(async () => {
  server = await startServer()
  phone = await server.phone()
})
afterAll(() => server.close())

const webm = (size: number, fill = 0): Sound => {
  const bytes = new Uint8Array(size).fill(fill)
  bytes.set([0x1a, 0x45, 0xdf, 0xa3])
  return { type: 'audio/webm', bytes }
}
const packOf = (sounds: Readonly<Record<string, Sound>>, questionnaire = everyKind.id, language = 'ar') =>
  writeRecordings({ questionnaire, language, sounds: new Map(Object.entries(sounds)) })

describe('a pack of recordings', () => {
  it('is kept in parts and comes back whole, byte for byte', async () => {
    const pack = packOf({ 'questions/sex': webm(300_000, 3), 'choices/yes_no/1': webm(300_000, 4) })
    const offer = await addRecordings(server.stores.office, everyKind, pack)
    expect(offer).toMatchObject({ language: 'ar', sounds: 2, parts: Math.ceil(pack.length / partBytes) })
    const parts: Buffer[] = []
    for (let part = 0; part < offer.parts; part++) {
      const response = await phone.send('GET', `/device/recordings/${offer.sha256}/${part}`)
      parts.push(Buffer.from(await response.arrayBuffer()))
    }
    expect(createHash('sha256').update(Buffer.concat(parts)).digest('hex')).toBe(offer.sha256)
  })

  it('gives way to the next one of its language', async () => {
    const next = await addRecordings(server.stores.office, everyKind, packOf({ 'questions/sex': webm(50) }))
    const offers = await recordingsFor(server.stores.office, everyKind.id)
    expect(offers.map(({ language, sha256 }) => [language, sha256])).toEqual([['ar', next.sha256]])
  })

  it('that is not there is said to be gone', async () => {
    expect((await phone.send('GET', `/device/recordings/${'0'.repeat(64)}/0`)).status).toBe(404)
    expect((await phone.send('GET', '/device/recordings/..%2f..%2fetc/0')).status).toBe(404)
  })

  it.each([
    ['for another questionnaire', packOf({ 'questions/sex': webm(9) }, 'other'), /uses every-kind/],
    ['in a language the questionnaire does not speak', packOf({ 'questions/sex': webm(9) }, everyKind.id, 'fr'), /no language fr/],
    ['with a sound for nothing', packOf({ 'questions/shoe-size': webm(9) }), /no text for questions\/shoe-size/],
    ['that is another file', new TextEncoder().encode('hello'), /not a pack/],
  ])('%s is refused in words', async (_, pack, words) => {
    await expect(addRecordings(server.stores.office, everyKind, pack)).rejects.toMatchObject({
      type: 'invalid-request',
      detail: expect.stringMatching(words),
    })
  })
})

describe('the phones of a round', () => {
  it('hear of the packs of their questionnaire, and of no other', async () => {
    const offer = (questionnaire: string): RecordingsOffer => ({
      schema: 'recordings/1',
      questionnaire,
      language: 'en',
      sha256: '1'.repeat(64),
      bytes: 10,
      parts: 1,
      sounds: 1,
    })
    for (const id of ['household', 'another'])
      await server.stores.office.put({ _id: `recordings:${id}:en`, schema: 'recordings/1', offer: offer(id) })
    const { items } = (await (await phone.send('GET', '/device/manifest')).json()) as { items: { kind: string; id: string }[] }
    expect(items.filter(({ kind }) => kind === 'recordings').map(({ id }) => id)).toEqual(['en'])
  })
})
