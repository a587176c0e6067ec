import * as Plot from '@observablehq/plot'
import { chartDocument, chartText, palette } from './draw.ts'

export interface Bar {
  readonly label: string
  /** In the indicator's unit; null when withheld. */
  readonly value: number | null
}

/** Characters of a label that fit beside the bars on a phone; the table below has the whole of it. */
const longestLabel = 22
const shortened = (label: string) => (label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label)

/** Horizontal bars, one per label in the given order, with the value written at its end. A withheld value is a mark and no bar. */
export function drawBars(bars: readonly Bar[], { unit, highest }: { readonly unit: string; readonly highest?: number }): string {
  const shown = bars.filter((each): each is { label: string; value: number } => each.value !== null)
  const hidden = bars.filter(({ value }) => value === null)
  const largest = highest ?? Math.max(1, ...shown.map(({ value }) => value))
  const element = Plot.plot({
    document: chartDocument(),
    width: 480,
    height: 40 + bars.length * 32,
    marginLeft: 20 + 8 * Math.min(longestLabel, Math.max(...bars.map(({ label }) => label.length))),
    marginRight: 48,
    x: { domain: [0, largest], label: unit, grid: true, ticks: 5 },
    y: { domain: bars.map(({ label }) => label), label: null, padding: 0.2, tickFormat: shortened },
    marks: [
      Plot.barX(shown, { x: 'value', y: 'label', fill: palette[0] }),
      Plot.text(shown, { x: 'value', y: 'label', text: ({ value }: { value: number }) => String(value), textAnchor: 'start', dx: 5 }),
      Plot.text(hidden, { x: 0, y: 'label', text: () => '⁂', textAnchor: 'start', dx: 5 }),
      Plot.ruleX([0]),
    ],
  })
  const rectangles = [...element.querySelectorAll('rect')].filter((each) => each.getAttribute('width') !== null)
  shown.forEach(({ label, value }, index) => {
    rectangles[index]?.setAttribute('data-label', label)
    rectangles[index]?.setAttribute('data-value', String(value))
  })
  return chartText(element)
}
