type Line = Readonly<Record<string, unknown>>

/** The lines of a working table in JSON: what stands once belongs to each. */
export function tableLines(json: string): readonly Line[] {
  const columns = Object.entries(JSON.parse(json) as Line)
  const rows = columns.find(([, column]) => Array.isArray(column))?.[1] as readonly unknown[] | undefined
  return (rows ?? []).map((_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, Array.isArray(column) ? (column as readonly unknown[])[row] : column])),
  )
}
