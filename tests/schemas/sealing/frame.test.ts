import { deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dictionaryFor, dictionaryName } from '../../../schemas/sealing/dictionary.ts'
import { buckets, FrameError, pack, unpack } from '../../../schemas/sealing/frame.ts'
import { smallQuestionnaire } from './small-questionnaire.ts'

const dictionary = dictionaryFor(smallQuestionnaire)
const none = new Uint8Array()

describe('a frame', () => {
  it('gives back every text, with and without a dictionary', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.boolean(), (text, withDictionary) => {
        const used = withDictionary ? dictionary : none
        expect(unpack(pack(text, used), used)).toBe(text)
      }),
    )
  })

  it('has the size of a bucket, whatever the text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 5000 }), (text) => buckets.includes(pack(text, dictionary).length)))
  })

  it('looks the same for short texts when a smallest bucket is given', () => {
    expect(pack('{}', dictionary, 512).length).toBe(pack('{"home_number":"12 Mabini Street"}', dictionary, 512).length)
  })

  it('is padded with zeros only', () => {
    const frame = pack('{"rooms":3}', none)
    const length = new DataView(frame.buffer).getUint32(0)
    expect(frame.subarray(4 + length).every((byte) => byte === 0)).toBe(true)
  })

  it('opens with zlib, and what zlib deflates opens here', () => {
    const text = '{"sex":"F","age":31}'
    const frame = pack(text, dictionary)
    const length = new DataView(frame.buffer).getUint32(0)
    expect(inflateRawSync(frame.subarray(4, 4 + length), { dictionary }).toString()).toBe(text)
    expect(unpack(framed(deflateRawSync(text, { dictionary })), dictionary)).toBe(text)
  })

  it.each([
    ['too short', new Uint8Array(3)],
    ['cut off', new Uint8Array([0, 0, 9, 9, 1, 2])],
    ['without content', new Uint8Array(128)],
    ['of noise', framed(new Uint8Array([255, 254, 253, 252, 251]))],
    ['deflated but unfinished', framed(deflateRawSync('x'.repeat(500)).subarray(0, 5))],
  ])('refuses a frame that is %s', (_, frame) => {
    expect(() => unpack(frame, dictionary)).toThrow(FrameError)
  })

  it('refuses a bomb before it has grown', () => {
    const bomb = framed(deflateRawSync(Buffer.alloc(30_000_000)))
    const before = process.memoryUsage().arrayBuffers
    expect(() => unpack(bomb, none)).toThrow(FrameError)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('refuses to seal what no bucket holds', () => {
    let seed = 1
    const noise = Array.from({ length: 60_000 }, () => String.fromCharCode(33 + ((seed = (seed * 16_807) % 2_147_483_647) % 90))).join('')
    expect(() => pack(noise, none)).toThrow(FrameError)
  })
})

describe('the dictionary of a questionnaire', () => {
  it('is the same each time and at most 32 kB', () => {
    expect(dictionaryFor(structuredClone(smallQuestionnaire))).toEqual(dictionary)
    expect(dictionary.length).toBeLessThanOrEqual(32_768)
  })

  // A figure that changes here means that records of phones in the field can no longer be opened.
  it('keeps its name: phones in the field hold it', async () => {
    expect(await dictionaryName(dictionary)).toBe('4ffcfd9d0d63054e')
    expect(await dictionaryName(none)).toBe('none')
  })

  it('deflates an interview to less than half of what deflate does alone', () => {
    const member = { _id: 'k3', name: '', sex: 'F', age: 30, lived_abroad: '0' }
    const interview = JSON.stringify({
      schema: 'interview/1',
      answers: { consent_interview: '1', rooms: 2, person: [member, { ...member, sex: 'M' }] },
    })
    const length = (frame: Uint8Array) => new DataView(frame.buffer).getUint32(0)
    expect(length(pack(interview, dictionary))).toBeLessThan(length(pack(interview, none)) / 2)
  })
})

function framed(deflated: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + deflated.length + 16)
  new DataView(frame.buffer).setUint32(0, deflated.length)
  frame.set(deflated, 4)
  return frame
}
