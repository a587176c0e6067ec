import duckdb from '@duckdb/node-bindings'
import {
  type AnswerCodes,
  isValid,
  type OnNewAnswer,
  readTexts,
  textTable,
  validBits,
  wordsOf,
} from '../../aggregator/indicators/answer-codes.ts'

/** Answers with several codes: a list of one is as cheap as a text, others are told apart by their codes in order. */
export function listCodes(onNew: OnNewAnswer<string[]>): AnswerCodes {
  const texts: string[] = ['']
  const table = textTable((answer) => texts.push(answer))
  const lists = new Map<string, number>()
  const single: number[] = []
  let used = 0
  let inner = new Int32Array(4096)
  const add = (items: readonly number[]): number => {
    onNew(items.map((each) => texts[each] ?? ''))
    return ++used
  }
  onNew(null)
  return {
    read(vector, rows, into) {
      // Of each list where it begins and how long it is, 8 bytes each.
      const entries = wordsOf(vector, rows, 4)
      const items = duckdb.list_vector_get_size(vector)
      if (items > inner.length) inner = new Int32Array(items * 2)
      readTexts(table, duckdb.list_vector_get_child(vector), items, inner)
      const valid = validBits(vector, rows)
      for (let row = 0; row < rows; row++) {
        if (valid !== null && !isValid(valid, row)) {
          into[row] = 0
          continue
        }
        const start = entries[row * 4] as number
        const length = entries[row * 4 + 2] as number
        if (length === 1) {
          const code = inner[start] as number
          into[row] = single[code] ??= add([code])
        } else {
          const codes = [...inner.subarray(start, start + length)]
          const key = codes.join(' ')
          const found = lists.get(key) ?? add(codes)
          lists.set(key, found)
          into[row] = found
        }
      }
    },
  }
}

const nearZero = 1024

/** Whole numbers: those near zero (ages, counts, days) by place, others by a map. */
export function integerCodes(onNew: OnNewAnswer<number>): AnswerCodes {
  const near = new Int32Array(nearZero * 2)
  const far = new Map<number, number>()
  let used = 0
  const add = (answer: number): number => {
    onNew(answer)
    return ++used
  }
  onNew(null)
  return {
    read(vector, rows, into) {
      const items = wordsOf(vector, rows, 1)
      const valid = validBits(vector, rows)
      for (let row = 0; row < rows; row++) {
        if (valid !== null && !isValid(valid, row)) {
          into[row] = 0
          continue
        }
        const number = items[row] as number
        if (number >= -nearZero && number < nearZero) {
          const found = near[number + nearZero] as number
          into[row] = found !== 0 ? found : (near[number + nearZero] = add(number))
        } else {
          const found = far.get(number) ?? add(number)
          far.set(number, found)
          into[row] = found
        }
      }
    },
  }
}
