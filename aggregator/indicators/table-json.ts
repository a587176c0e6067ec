import { type ColumnTable, figureNames } from './column-table.ts'

/** Entries of a column in one piece. */
const perPiece = 5_000

const samplingNames = ['standardError', 'low', 'high', 'designEffect', 'status'] as const

/**
 * A working table as JSON, in pieces: an array per column of the CSV file, and once what is the same in every line. pandas and R make a data frame
 * of it as it is, and it costs a fraction of a list of lines.
 */
export function* tableJson({ dimensions, nodes, figures, rows, sampling, ...heading }: ColumnTable): Generator<string> {
  const { indicator, indicatorVersion, round, marking } = heading
  yield JSON.stringify({ INDICATOR: indicator, VERSION: indicatorVersion, ROUND: round }).slice(0, -1)
  for (const [axis, { id, nodes: tree }] of dimensions.entries()) {
    const codes = tree.map(({ code }) => JSON.stringify(code))
    const own = nodes[axis] ?? new Int32Array(rows)
    yield* column(id, rows, (first, end) => codesJson(codes, own, first, end))
  }
  const numbers = onceFor((own: Float64Array, first: number, end: number) => own.subarray(first, end).join(',').replaceAll('NaN', 'null'))
  for (const name of figureNames) yield* column(name, rows, (first, end) => numbers(figures[name], first, end))
  for (const name of sampling ? samplingNames : [])
    yield* column(name, rows, (first, end) => JSON.stringify(sampling?.slice(first, end).map((each) => each[name])).slice(1, -1))
  yield `,"MARKING":${JSON.stringify(marking)}}`
}

function* column(name: string, rows: number, part: (first: number, end: number) => string): Generator<string> {
  yield `,${JSON.stringify(name)}:[`
  for (let first = 0; first < rows; first += perPiece) yield `${first === 0 ? '' : ','}${part(first, Math.min(rows, first + perPiece))}`
  yield ']'
}

/** A loop, because text put together takes a third of the time of a list of parts that is joined. */
function codesJson(codes: readonly string[], nodes: Int32Array, first: number, end: number): string {
  let text = codes[nodes[first] as number] as string
  for (let row = first + 1; row < end; row++) text += `,${codes[nodes[row] as number] as string}`
  return text
}

/** Of a share, two figures are the same column, and it is written once. */
function onceFor(textOf: (own: Float64Array, first: number, end: number) => string): typeof textOf {
  const written = new Map<Float64Array, Map<number, string>>()
  return (own, first, end) => {
    const parts = written.get(own) ?? new Map<number, string>()
    const text = parts.get(first) ?? textOf(own, first, end)
    written.set(own, parts.set(first, text))
    return text
  }
}
