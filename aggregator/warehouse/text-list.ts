/**
 * Many texts as one parameter of a query: a list value is made item by item, in this thread. Bind `asTexts(ids)` to `$ids` and write
 * `in (${textsIn('$ids')})`.
 */
export const textsIn = (parameter: string): string => `select unnest(from_json(${parameter}, '["VARCHAR"]'))`

export const asTexts = (texts: readonly string[]): string => JSON.stringify(texts)
