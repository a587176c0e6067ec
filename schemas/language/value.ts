import { dayNumber } from './dates.ts'

/** One answer or result. Empty is `''`, NaN or `[]`: the three mean the same. An array holds the codes of a select_multiple. */
export type Single = string | number | boolean | readonly string[]

/** One value per member or list item, in their order. */
export interface List {
  readonly items: readonly Single[]
}

export type Value = Single | List

const numberText = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/

export const isList = (value: Value): value is List => typeof value === 'object' && 'items' in value

/** The values of a list, or the one value. */
export const itemsOf = (value: Value): readonly Single[] => (isList(value) ? value.items : [value])

/** The first of a list, empty when it has none. */
export const single = (value: Value): Single => (isList(value) ? (value.items[0] ?? '') : value)

export const isEmpty = (value: Single): boolean => value === '' || Number.isNaN(value) || (Array.isArray(value) && value.length === 0)

export function toText(value: Value): string {
  const one = single(value)
  if (typeof one === 'object') return one.join(' ')
  return Number.isNaN(one) ? '' : String(one)
}

/** A number, or days since 1970-01-01 of a date; NaN when it is neither. */
export function toNumber(value: Value): number {
  const one = single(value)
  if (typeof one === 'number') return one
  if (typeof one === 'boolean') return one ? 1 : 0
  const text = toText(one)
  return numberText.test(text) ? Number(text) : dayNumber(text)
}

/** A list holds when it has a member. */
export function toBoolean(value: Value): boolean {
  if (isList(value)) return value.items.length > 0
  return value !== false && value !== 0 && !isEmpty(value)
}
