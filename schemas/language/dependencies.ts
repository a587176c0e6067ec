import type { Expression } from './expression.ts'

/** What an expression reads. */
export interface Dependencies {
  /** Questions and repeats, by name. Bare names inside `${person}[…]` are among them. */
  readonly names: ReadonlySet<string>
  /** Choice lists read by `instance('list')…`. */
  readonly lists: ReadonlySet<string>
  /** True when `.` occurs. */
  readonly self: boolean
}

/** Every question, repeat and choice list an expression reads. */
export function dependencies(expression: Expression): Dependencies {
  const names = new Set<string>()
  const lists = new Set<string>()
  let self = false
  const walk = (each: Expression | null, columnsAreChoices: boolean): void => {
    if (each === null || typeof each === 'number') return
    switch (each[0]) {
      case 'str':
        return
      case 'ref':
        names.add(each[1])
        return
      case 'self':
        self = true
        return
      case 'col':
        if (!columnsAreChoices) names.add(each[1])
        return
      case 'members':
        names.add(each[1])
        return walk(each[2], false)
      case 'of':
        names.add(each[2])
        return walk(each[1], columnsAreChoices)
      case 'op':
        walk(each[2], columnsAreChoices)
        return walk(each[3], columnsAreChoices)
      case 'neg':
        return walk(each[1], columnsAreChoices)
      case 'call': {
        if (each[1] === 'once') self = true
        for (const argument of each.slice(2) as readonly Expression[]) walk(argument, columnsAreChoices)
        return
      }
      case 'lookup':
        lists.add(each[1])
        return walk(each[2], true)
      default:
        each satisfies never
    }
  }
  walk(expression, true)
  return { names, lists, self }
}
