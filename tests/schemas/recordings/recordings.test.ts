import { describe, expect, it } from 'vitest'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { choiceKey, questionKey } from '../../../schemas/recordings/keys.ts'
import { promptsOf, readRecordings, type Sound, writeRecordings } from '../../../schemas/recordings/recordings.ts'
import { readTar, writeTar } from '../../../schemas/recordings/tar.ts'
import household from '../../../schemas/generated/household/questionnaire.json' with { type: 'json' }

const questionnaire = household as unknown as Questionnaire
const webm = (...more: number[]): Sound => ({ type: 'audio/webm', bytes: Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, ...more) })
const text = (words: string) => new TextEncoder().encode(words)

describe('an archive', () => {
  it('gives back the files that were put in, whatever their size', () => {
    const files = [0, 1, 511, 512, 513].map((size) => ({ name: `files/${size}.bin`, bytes: new Uint8Array(size).fill(7) }))
    expect(readTar(writeTar(files))).toEqual(files)
  })

  it('is the same for the same files', () => {
    const files = [{ name: 'a', bytes: text('one') }]
    expect(writeTar(files)).toEqual(writeTar(files))
  })

  it('that was cut off is refused', () => {
    const whole = writeTar([{ name: 'a', bytes: new Uint8Array(2000) }])
    expect(() => readTar(whole.subarray(0, 1500))).toThrow(RangeError)
  })

  it('is not any other file', () => {
    expect(() => readTar(text('<html>'.repeat(200)))).toThrow(RangeError)
  })
})

describe('a pack of recordings', () => {
  const pack = {
    questionnaire: 'household',
    language: 'fil',
    sounds: new Map([
      ['questions/B03', webm(1)],
      ['choices/sex/F', webm(2)],
    ]),
  }

  it('comes back as it was written', () => {
    expect(readRecordings(writeRecordings(pack))).toEqual(pack)
  })

  it.each([
    ['questions/B03.webm', text('<script>alert(1)</script>'), /questions\/B03\.webm is not a sound/],
    ['questions/B03.exe', webm(1).bytes, /questions\/B03\.exe is not a sound/],
  ])('with %s that is no sound is refused', (name, bytes, words) => {
    const about = { name: 'pack.json', bytes: text('{"questionnaire":"household","language":"fil"}') }
    expect(() => readRecordings(writeTar([about, { name, bytes }]))).toThrow(words)
  })

  it.each([[undefined], ['{'], ['{"questionnaire":"household"}']])('with %s as its pack.json is refused', (about) => {
    const files = about === undefined ? [] : [{ name: 'pack.json', bytes: text(about) }]
    expect(() => readRecordings(writeTar([...files, { name: 'x.webm', bytes: webm().bytes }]))).toThrow(/pack\.json/)
  })
})

describe('what a speaker reads', () => {
  const prompts = promptsOf(questionnaire, 'fil')
  const keys = prompts.map(({ key }) => key)

  it('is every text that a person may hear, each answer once', () => {
    expect(keys).toEqual(
      expect.arrayContaining(['questions/consent_intro', 'questions/A07', 'questions/L05', 'choices/yes_no/1', 'choices/wg/2']),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('leaves out what the enumerator fills in, what is computed, checks, and lists that are searched', () => {
    for (const key of ['questions/A02', 'questions/A03', 'questions/age', 'questions/X02', 'choices/country/PHL'])
      expect(keys).not.toContain(key)
  })

  it('holds no name: what the form fills in is a pause', () => {
    expect(prompts.find(({ key }) => key === 'questions/B03')?.text).toBe('Babae ba o lalaki si …?')
  })

  it('is looked up by the file that the sheet names, when it names one', () => {
    expect(questionKey({ name: 'B03', media: { audio: { fil: 'kasarian.mp3' } } }, 'fil')).toBe('kasarian')
    expect(questionKey({ name: 'B03' }, 'fil')).toBe('questions/B03')
    expect(choiceKey('sex', { name: 'F' }, 'fil')).toBe('choices/sex/F')
  })
})
