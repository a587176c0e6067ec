import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { riskOf } from '../../../../aggregator/disclosure/microdata/risk.ts'

interface Figures {
  readonly name: string
  readonly source: string
  readonly sample: number
  readonly sensitive: string
  readonly columns: readonly string[]
  /** Values of the columns, then how many people have them. */
  readonly cells: readonly (readonly (string | number)[])[]
  readonly leastClass: number
  readonly leastValues: number
  readonly classes: number
  readonly uniques: number
  readonly greatestRisk: number
  readonly meanRisk: number
  readonly expected: number
}

const cases = JSON.parse(readFileSync(new URL('risk-figures.json', import.meta.url), 'utf8')) as readonly Figures[]

/** The cells as records with codes, the sensitive column apart. */
function recordsOf({ columns, cells, sensitive }: Figures) {
  const at = columns.indexOf(sensitive)
  const codes = columns.map((_, column) => [...new Set(cells.map((cell) => cell[column]))])
  return cells.flatMap((cell) => {
    const all = columns.map((_, column) => codes[column]?.indexOf(cell[column]) ?? 0)
    return Array.from({ length: Number(cell.at(-1)) }, () => ({
      codes: all.filter((_, column) => column !== at),
      sensitive: all[at] ?? 0,
      household: null,
    }))
  })
}

describe.each(cases)('k, l and risk of $name (figures from $source)', (figures) => {
  it('are those that R counts by itself', () => {
    const risk = riskOf(recordsOf(figures), figures)
    expect(risk).toMatchObject({
      leastClass: figures.leastClass,
      leastValues: figures.leastValues,
      classes: figures.classes,
      sampleUniques: figures.uniques,
    })
    expect(risk.greatestRisk).toBeCloseTo(figures.greatestRisk, 10)
    expect(risk.meanRisk).toBeCloseTo(figures.meanRisk, 10)
    expect(risk.expectedReidentifications).toBeCloseTo(figures.expected, 6)
  })
})
