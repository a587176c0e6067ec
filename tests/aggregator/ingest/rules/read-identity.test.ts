import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifierNames } from '../../../../aggregator/ingest/merge-identity.ts'
import { identifiersOf, identityReader } from '../../../../aggregator/ingest/rules/read-identity.ts'
import type { Identity } from '../../../../schemas/interview/interview.ts'
import { identityInside } from '../../../../schemas/sealing/cover.ts'
import { questionnaire, samples } from '../../../../bench/ingest/made-up.ts'

const read = identityReader(identifierNames(questionnaire))
const bytes = (text: string) => Buffer.from(text)
const identity = (answers: Identity['answers'], rows: Identity['rows'] = {}) => bytes(JSON.stringify({ answers, rows }))

describe('the identifiers of an interview', () => {
  it('are those that a parser finds', () => {
    for (const sample of samples(40)) {
      const found = read(bytes(identityInside(sample.identity)))
      expect(found).toEqual(identifiersOf(sample.identity))
    }
  })

  it('are those that a parser finds, or are left to it, when something in the text is changed', () => {
    const pieces = ['"', ',', ':', '{', '}', '[', '\\', '\\u0041', '1', 'null', ' ', 'é', '"B01"', '"A02":"5"', '{}', '"x":{}', ',,']
    const homes = samples(40).map((sample) => identityInside(sample.identity))
    let compared = 0
    const change = fc.record({
      home: fc.nat(39),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.integer({ min: 0, max: 8 }),
      piece: fc.constantFrom('', ...pieces),
    })
    fc.assert(
      fc.property(change, ({ home, at, cut, piece }) => {
        const text = homes[home] ?? ''
        const from = Math.floor(at * text.length)
        const changed = text.slice(0, from) + piece + text.slice(from + cut)
        const found = read(bytes(changed))
        if (found === null) return
        compared++
        expect(found).toEqual(identifiersOf(JSON.parse(changed) as Identity))
      }),
      { numRuns: 2000, seed: 5 },
    )
    expect(compared).toBeGreaterThan(20)
  })

  it('hold names in any script', () => {
    expect(read(identity({ A02: 'مرحبا नमस्ते' }))?.answers).toEqual({ A02: 'مرحبا नमस्ते' })
  })

  it.each([
    ['a name stands twice', bytes('{"answers":{"A02":"1","A02":"2"},"rows":{}}')],
    ['a member stands twice', bytes('{"answers":{},"rows":{"person":{"a":{"B01":"x"},"a":{"B01":"y"}}}}')],
    ['nobody asked that', identity({ Z99: 'x' })],
    ['it is a number', identity({ A02: 7 })],
    ['a text is longer than any', identity({ A02: 'x'.repeat(2001) })],
    [
      'there are more members than any',
      identity({}, { person: Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`r${at}`, {}])) }),
    ],
    ['it was sealed with its id', bytes('{"schema":"identity/1","id":"r","answers":{},"rows":{}}')],
    ['something follows', bytes('{"answers":{},"rows":{}} ')],
    ['a comma is left over', bytes('{"answers":{"A02":"1",},"rows":{}}')],
    ['it is cut off', bytes('{"answers":{"A02":"1')],
  ])('are left to a parser when %s', (_, json) => {
    expect(read(json)).toBeNull()
  })
})
