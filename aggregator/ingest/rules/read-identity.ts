// Reads the JSON of the direct identifiers of one interview, as `answersReader` reads the answers: without a parser's objects, whose keys are
// the ids of members and therefore new every time.
import type { Answer } from '../../../schemas/interview/answers.ts'
import type { Identity } from '../../../schemas/interview/interview.ts'
import { ByteTable, isAt, nextHash } from './byte-table.ts'

/** The direct identifiers of one interview, by question; those of members by repeat and row id. */
export interface Identifiers {
  readonly answers: Identity['answers']
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, Answer>>>>
}

export const identifiersOf = ({ answers, rows }: Pick<Identity, 'answers' | 'rows'>): Identifiers => ({
  answers,
  rows: new Map(Object.entries(rows).map(([repeat, members]) => [repeat, new Map(Object.entries(members))])),
})

/** null when only a parser can say what it is: anything but texts under the names of identifiers, as phones write them. */
export type ReadIdentity = (json: Buffer) => Identifiers | null

const [quote, comma, colon, backslash, openBrace, closeBrace] = [0x22, 0x2c, 0x3a, 0x5c, 0x7b, 0x7d]
const [beforeAnswers, beforeRows] = [Buffer.from('{"answers":'), Buffer.from(',"rows":')]
// As in identity.schema.json; a text of so many bytes has no more letters.
const longestText = 2_000
const mostRows = 500
const mostRepeats = 20
const mostAnswers = 200

/** @param names of the direct identifiers. */
export function identityReader(names: Iterable<string>): ReadIdentity {
  const reader = new Reader([...names])
  return (json) => reader.read(json)
}

class Reader {
  readonly #names: ByteTable<string>
  #json: Buffer = Buffer.alloc(0)
  #at = 0
  /** The text just passed: where it is, the hash of its bytes, whether all of them are ASCII. */
  #from = 0
  #to = 0
  #hash = 0
  #isPlain = true

  constructor(names: readonly string[]) {
    this.#names = new ByteTable(names.length + 1)
    for (const name of names.slice(0, mostAnswers)) this.#names.add(name, name)
  }

  read(json: Buffer): Identifiers | null {
    this.#json = json
    this.#at = 0
    if (!this.#pass(beforeAnswers)) return null
    const answers = this.#readAnswers()
    if (answers === null || !this.#pass(beforeRows)) return null
    const rows = this.#readMap(mostRepeats, () => this.#readMap(mostRows, () => this.#readAnswers()))
    return rows !== null && json[this.#at] === closeBrace && this.#at === json.length - 1 ? { answers, rows } : null
  }

  #readAnswers(): Record<string, Answer> | null {
    const answers: Record<string, Answer> = {}
    let byte = this.#passOpening()
    while (byte === comma) {
      if (!this.#passText()) return null
      const name = this.#names.find(this.#json, this.#from, this.#to - this.#from, this.#hash)
      // The same name twice: JSON.parse takes the last.
      if (name === undefined || answers[name] !== undefined || this.#next() !== colon) return null
      if (!this.#passText() || this.#to - this.#from > longestText) return null
      answers[name] = this.#text()
      byte = this.#next()
    }
    return byte === closeBrace ? answers : null
  }

  #readMap<Value>(most: number, read: () => Value | null): Map<string, Value> | null {
    const values = new Map<string, Value>()
    let byte = this.#passOpening()
    while (byte === comma) {
      if (!this.#passText() || !this.#isPlain || values.size === most) return null
      const key = this.#text()
      const value = values.has(key) || this.#next() !== colon ? null : read()
      if (value === null) return null
      values.set(key, value)
      byte = this.#next()
    }
    return byte === closeBrace ? values : null
  }

  #pass(bytes: Uint8Array): boolean {
    if (!isAt(bytes, this.#json, this.#at)) return false
    this.#at += bytes.length
    return true
  }

  /** Of an object: a comma when something is in it. */
  #passOpening(): number {
    if (this.#next() !== openBrace) return 0
    if (this.#json[this.#at] !== closeBrace) return comma
    return this.#next()
  }

  #next(): number {
    return this.#json[this.#at++] ?? 0
  }

  /** From a quote to behind the next; false where there is none, at an escape or a control character. */
  #passText(): boolean {
    const json = this.#json
    let at = this.#at
    if (json[at] !== quote) return false
    this.#from = ++at
    let hash = 0
    let every = 0
    for (; at < json.length; at++) {
      const byte = json[at] as number
      if (byte === quote) {
        this.#hash = hash
        this.#isPlain = every < 0x80
        this.#to = at
        this.#at = at + 1
        return true
      }
      if (byte === backslash || byte < 0x20) return false
      hash = nextHash(hash, byte)
      every |= byte
    }
    return false
  }

  #text(): string {
    return this.#json.toString(this.#isPlain ? 'latin1' : 'utf8', this.#from, this.#to)
  }
}
