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
  const given = value as Readonly<Record<string, unknown>>
  const inOrder: Record<string, unknown> = {}
  // Without a comparator, texts are compared by UTF-16 units, as everywhere the hash is made.
  for (const key of Object.keys(given).sort()) {
    const each = given[key]
    const part = each !== null && typeof each === 'object' ? sorted(each) : each
    // Assigning to this one would set the prototype, and the key would be missing from the hash.
    if (key === '__proto__') Object.defineProperty(inOrder, key, { value: part, enumerable: true })
    else inOrder[key] = part
  }
  return inOrder
}

/** The text whose SHA-256 a sealed record carries and its receipt repeats. */
export function sealedContent(record: object): string {
  const { _rev: _, _revisions: __, sha256: ___, ...content } = record as Readonly<Record<string, unknown>>
  return canonicalJson(content)
}
