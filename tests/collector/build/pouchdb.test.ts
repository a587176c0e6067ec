import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preprocessAttachments } from '../../../collector/build/pouchdb/adapter-utils.ts'
import withoutFilters from '../../../collector/build/pouchdb/changes-filter.ts'
import { collate } from '../../../collector/build/pouchdb/collate.ts'
import { binaryMd5, stringMd5 } from '../../../collector/build/pouchdb/md5.ts'

// The survival suites run PouchDB with these parts in a real browser; here is only what they replace.

describe('PouchDB on the phone', () => {
  it('names revisions by the same MD5 as every other PouchDB, so that a restored record is the same record', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(stringMd5(text)).toBe(createHash('md5').update(text).digest('hex'))
      }),
    )
    for (const length of [0, 55, 56, 63, 64, 65, 5000])
      expect(stringMd5('x'.repeat(length))).toBe(createHash('md5').update('x'.repeat(length)).digest('hex'))
  })

  it('names its checkpoints by base64', () => {
    let digest = ''
    binaryMd5('source-target', (given) => (digest = given))
    expect(digest).toBe(createHash('md5').update('source-target').digest('base64'))
  })

  it('refuses a filter instead of passing it over', () => {
    const plugged: { _changesFilterPlugin?: object } = {}
    withoutFilters(plugged)
    const { validate } = plugged._changesFilterPlugin as { validate: (asked: object, done: (error?: Error) => void) => void }
    const answerTo = (asked: object) => {
      let error: Error | undefined
      validate(asked, (given) => (error = given))
      return error?.message
    }
    expect(answerTo({ since: 0, filter: undefined })).toBeUndefined()
    expect(answerTo({ filter: '_view' })).toContain('without filters')
    expect(answerTo({ selector: {} })).toContain('without filters')
  })

  it('refuses a document with an attachment', () => {
    expect(() => preprocessAttachments([{ data: { _attachments: {} } }], 'binary', () => {})).toThrow('without attachments')
  })

  it('knows whether two positions in a feed are the same', () => {
    expect([collate(3, 3), collate('3-a', '3-a'), Math.sign(collate(2, 3)), Math.sign(collate(3, 2))]).toEqual([0, 0, -1, 1])
  })
})
