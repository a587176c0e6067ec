/** One change of a JSON value: what stands at a path from now on; without a value, that nothing stands there any more. */
export type Change = readonly [path: readonly (string | number)[], value?: unknown]

/**
 * What makes one JSON value of another. What both share by identity is not looked into, so that one answer among 12,000 is found at once.
 * Lists of objects are compared place by place; a list that became shorter ends with a change of its `length`.
 */
export function changesBetween(before: object, after: object): readonly Change[] {
  const changes: Change[] = []
  compare(before, after, [], changes)
  return changes
}

/** Makes the changes, in their order, in the value itself. */
export function makeChanges(value: object, changes: readonly Change[]): void {
  for (const [path, ...standing] of changes) {
    const within = path.slice(0, -1).reduce((each, name) => each[name] as Branch, value as Branch)
    const name = path.at(-1) ?? ''
    if (standing.length > 0) within[name] = standing[0]
    else delete within[name]
  }
}

type Branch = Record<string | number, unknown>

function compare(before: unknown, after: unknown, path: readonly (string | number)[], changes: Change[]): void {
  if (Object.is(before, after)) return
  if (isRows(before) && isRows(after)) {
    for (const [at, row] of after.entries()) compare(before[at], row, [...path, at], changes)
    if (after.length < before.length) changes.push([[...path, 'length'], after.length])
  } else if (isBranch(before) && isBranch(after)) {
    for (const [name, value] of Object.entries(after)) if (value !== undefined) compare(before[name], value, [...path, name], changes)
    for (const [name, value] of Object.entries(before))
      if (value !== undefined && after[name] === undefined) changes.push([[...path, name]])
  } else if (JSON.stringify(before) !== JSON.stringify(after)) changes.push([path, after])
}

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null && !Array.isArray(value)

const isRows = (value: unknown): value is readonly object[] => Array.isArray(value) && value.every(isBranch)
