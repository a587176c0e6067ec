/**
 * JSON with sorted keys and no white space: the same bytes for the same content on phone and server, so that hashes agree.
 * Keys whose value is undefined are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

/** The text whose SHA-256 a sealed record carries and its receipt repeats. */
export function sealedContent(record: object): string {
  const content = Object.entries(record).filter(([key]) => key !== '_rev' && key !== '_revisions' && key !== 'sha256')
  return canonicalJson(Object.fromEntries(content))
}
