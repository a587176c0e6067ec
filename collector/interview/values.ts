import type { Answer, Answers, Place, Row } from '../../schemas/interview/answers.ts'

/** The members of a repeat, in the order they were added. */
export function rowsOf(answers: Answers, repeat: string): readonly Row[] {
  const rows = answers[repeat]
  return Array.isArray(rows) ? (rows as readonly Row[]) : []
}

// Looking up 200 members 200 times is felt on a slow phone. Remembers, never decides: the rows of one state never change.
const indexed = new WeakMap<readonly Row[], ReadonlyMap<string, Row>>()

/** One member of a repeat, by its id. */
export function rowAt(answers: Answers, repeat: string, id: string | undefined): Row | undefined {
  const rows = rowsOf(answers, repeat)
  if (id === undefined || rows.length === 0) return undefined
  const known = indexed.get(rows) ?? new Map(rows.map((row) => [row._id, row]))
  indexed.set(rows, known)
  return known.get(id)
}

/** The answer at a place, undefined while there is none. */
export function valueAt(answers: Answers, { name, repeat, row }: Place): Answer | undefined {
  if (repeat === undefined) return answers[name] as Answer | undefined
  return rowAt(answers, repeat, row)?.[name]
}

/** True when two places are the same question of the same member. */
export function samePlace(one: Place, other: Place): boolean {
  return one.name === other.name && one.row === other.row
}

/** The place of a question in the same member as another place, or at household level. */
export function placeOf(name: string, repeat: string | undefined, row: string | undefined): Place {
  return repeat === undefined || row === undefined ? { name } : { name, repeat, row }
}
