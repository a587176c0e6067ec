/**
 * Answers as they are stored: groups flattened, a repeat is an array of rows under its name, an unanswered question has no key.
 * A question that was answered "don't know" or "prefer not to say" holds the code: '98' / '99' for choices, dates and text,
 * -98 / -99 for numbers. Expressions see such a number, date or text as empty.
 */
export type Answer = string | number | readonly string[]

export interface Row {
  /** Random, stable through deletion and reordering of members. */
  readonly _id: string
  readonly [name: string]: Answer | undefined
}

export interface Answers {
  readonly [name: string]: Answer | readonly Row[] | undefined
}

/** Where a question stands: at household level, or in one row of a repeat. */
export interface Place {
  readonly name: string
  readonly repeat?: string
  readonly row?: string
}
