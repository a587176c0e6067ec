// Reads the JSON of one interview's answers straight into the slots, without making objects of them. It knows only the JSON that phones write;
// whatever looks different is left to JSON.parse, so what this reader accepts, JSON.parse reads alike.
import type { Answer } from '../../../schemas/interview/answers.ts'
import { ByteTable, hashBetween, isAt, nextHash } from './byte-table.ts'
import { clearPlace, emptyFrom, give, type Level, type Slot } from './slots.ts'

/** Takes one answer; false when only the interpreter can say what it is. */
export type TakeAnswer = (slot: Slot, place: number, answer: Answer) => boolean

/**
 * @param at where the object of answers begins.
 * @returns where it ends; -1 when it is not such JSON, or `take` refused an answer. The slots then hold parts of it.
 */
export type ReadAnswers = (json: Buffer, at: number) => number

const [quote, comma, colon, minus, backslash] = [0x22, 0x2c, 0x3a, 0x2d, 0x5c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const longestCode = 12
/** Of a list of codes with its commas and quotes. */
const longestCodes = 60
const mostRows = 500
const mostCodes = 5_000
const aNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39

interface Code {
  readonly answer: Answer
  readonly seen: Answer
}

/** One level as its objects are read. */
interface Fields {
  readonly level: Level
  readonly slots: ByteTable<Slot>
}

/** Reads answers of a questionnaire; `forget` when answers that were in order may no longer be. */
export interface AnswersReader {
  readonly read: ReadAnswers
  forget(): void
}

export function answersReader(levels: readonly Level[], take: TakeAnswer): AnswersReader {
  const reader = new Reader(levels, take)
  return { read: (json, at) => reader.read(json, at), forget: () => reader.forget() }
}

class Reader {
  readonly #home: Fields
  readonly #repeats: ByteTable<Fields>
  readonly #levels: readonly Level[]
  readonly #take: TakeAnswer
  readonly #codes: readonly ByteTable<Code>[]
  #json: Buffer = Buffer.alloc(0)
  #at = 0
  /** Of the text just passed. */
  #hash = 0
  #isPlain = true

  constructor(levels: readonly Level[], take: TakeAnswer) {
    const fields = levels.map((level) => {
      const slots = new ByteTable<Slot>(level.slots.length + 1)
      for (const [name, slot] of level.byName) slots.add(name, slot)
      return { level, slots }
    })
    this.#levels = levels
    this.#home = fields[0] as Fields
    this.#repeats = new ByteTable<Fields>(16)
    for (const each of fields) if (each.level.repeat !== undefined) this.#repeats.add(each.level.repeat, each)
    this.#codes = levels.flatMap(({ slots }) => slots.map(() => new ByteTable<Code>(8)))
    this.#take = take
  }

  forget(): void {
    for (const each of this.#codes) each.clear()
  }

  read(json: Buffer, at: number): number {
    this.#json = json
    this.#at = at
    for (const level of this.#levels) level.ids = []
    clearPlace(this.#home.level, 0)
    const isRead = this.#readObject(this.#home, 0, true)
    for (const level of this.#levels) emptyFrom(level, level.repeat === undefined ? 1 : level.ids.length)
    return isRead ? this.#at : -1
  }

  /** From the opening brace to behind the closing one. */
  #readObject(fields: Fields, place: number, isHome: boolean): boolean {
    const json = this.#json
    if (json[this.#at] !== openBrace) return false
    this.#at++
    if (json[this.#at] === closeBrace) {
      this.#at++
      return isHome
    }
    for (;;) {
      const from = this.#at + 1
      if (!this.#passText() || !this.#isPlain) return false
      const length = this.#at - 1 - from
      if (json[this.#at] !== colon) return false
      this.#at++
      const slot = fields.slots.find(json, from, length, this.#hash)
      if (slot !== undefined ? !this.#readAnswer(slot, place) : !this.#readOther(fields, place, isHome, from, length)) return false
      const byte = json[this.#at++]
      if (byte === closeBrace) return isHome || fields.level.ids.length === place + 1
      if (byte !== comma) return false
    }
  }

  /** The rows of a repeat, or the id of a row. */
  #readOther(fields: Fields, place: number, isHome: boolean, from: number, length: number): boolean {
    if (isHome) {
      const repeat = this.#repeats.find(this.#json, from, length, this.#hash)
      return repeat !== undefined && this.#readRows(repeat)
    }
    if (length !== 3 || !isAt(rowId, this.#json, from) || fields.level.ids.length !== place) return false
    const start = this.#at + 1
    if (!this.#passText() || !this.#isPlain) return false
    const id = this.#json.toString('latin1', start, this.#at - 1)
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id) || fields.level.ids.includes(id)) return false
    fields.level.ids.push(id)
    return true
  }

  #readRows(fields: Fields): boolean {
    if (this.#json[this.#at] !== openBracket || fields.level.ids.length > 0) return false
    for (let place = 0; place < mostRows; place++) {
      this.#at++
      clearPlace(fields.level, place)
      if (!this.#readObject(fields, place, false)) return false
      const byte = this.#json[this.#at]
      if (byte === comma) continue
      this.#at++
      return byte === closeBracket
    }
    return false
  }

  #readAnswer(slot: Slot, place: number): boolean {
    // The same name twice: JSON.parse takes the last.
    if (slot.raw[place] !== undefined) return false
    const byte = this.#json[this.#at] ?? 0
    if (byte === quote) return this.#readCode(slot, place)
    if (byte === minus || isDigit(byte)) return this.#readNumber(slot, place)
    return byte === openBracket && this.#readCodes(slot, place)
  }

  #readCode(slot: Slot, place: number): boolean {
    const from = this.#at + 1
    if (!this.#passText()) return false
    const end = this.#at - 1
    const codes = this.#codes[slot.index] as ByteTable<Code>
    const isShort = end - from <= longestCode
    const known = isShort ? codes.find(this.#json, from, end - from, this.#hash) : undefined
    if (known !== undefined) {
      give(slot, place, known.answer, known.seen)
      return true
    }
    const answer = this.#isPlain ? this.#json.toString('latin1', from, end) : this.#json.toString('utf8', from, end)
    if (!this.#take(slot, place, answer)) return false
    const seen = slot.admitted.get(answer)
    if (seen !== undefined && isShort) {
      if (codes.size >= mostCodes) codes.clear()
      codes.add(answer, { answer, seen })
    }
    return true
  }

  #readNumber(slot: Slot, place: number): boolean {
    const json = this.#json
    const from = this.#at
    let number = 0
    let byte = json[this.#at] ?? 0
    while (isDigit(byte)) {
      number = number * 10 + byte - 0x30
      byte = json[++this.#at] ?? 0
    }
    const digits = this.#at - from
    const isWhole = digits > 0 && digits < 16 && (digits === 1 || json[from] !== 0x30) && (byte === comma || byte === closeBrace)
    if (isWhole) return this.#take(slot, place, number)
    while (byte !== comma && byte !== closeBrace && this.#at - from < 40) byte = json[++this.#at] ?? 0
    const text = json.toString('latin1', from, this.#at)
    return aNumber.test(text) && this.#take(slot, place, Number(text))
  }

  /** A list of codes. The same few come again and again: those that were in order are known by their bytes. */
  #readCodes(slot: Slot, place: number): boolean {
    const json = this.#json
    const from = this.#at + 1
    const to = json.indexOf(closeBracket, from)
    const known = this.#codes[slot.index] as ByteTable<Code>
    const isShort = to - from <= longestCodes
    const code = isShort ? known.find(json, from, to - from, hashBetween(json, from, to)) : undefined
    if (code !== undefined) {
      give(slot, place, code.answer, code.seen)
      this.#at = to + 1
      return true
    }
    const codes: string[] = []
    for (let byte = comma; byte !== closeBracket; ) {
      this.#at++
      const start = this.#at + 1
      if (!this.#passText() || !this.#isPlain) return false
      codes.push(json.toString('latin1', start, this.#at - 1))
      byte = json[this.#at] ?? 0
      if (byte !== comma && byte !== closeBracket) return false
    }
    this.#at++
    if (!this.#take(slot, place, codes)) return false
    const seen = slot.seen[place]
    if (seen !== undefined && isShort && this.#at === to + 1) {
      if (known.size >= mostCodes) known.clear()
      known.add(json.toString('latin1', from, to), { answer: codes, seen })
    }
    return true
  }

  /** From a quote to behind the next; false where there is none, at an escape or a control character. Leaves the hash of the bytes between. */
  #passText(): boolean {
    const json = this.#json
    let at = this.#at
    if (json[at] !== quote) return false
    let hash = 0
    let every = 0
    for (at++; at < json.length; at++) {
      const byte = json[at] as number
      if (byte === quote) {
        this.#hash = hash
        this.#isPlain = every < 0x80
        this.#at = at + 1
        return true
      }
      if (byte === backslash || byte < 0x20) return false
      hash = nextHash(hash, byte)
      every |= byte
    }
    return false
  }
}

const rowId = Buffer.from('_id')
