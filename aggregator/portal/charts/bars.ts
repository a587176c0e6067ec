import * as Plot from '@observablehq/plot'
import { chartDocument, chartText, chartWidth, palette, shortened, withheldMark } from './draw.ts'

export interface Bar {
  readonly label: string
  /** In the indicator's unit; null when withheld. */
  readonly value: number | null
  /** Drawn in the second colour: the comparison, not the subject. */
  readonly second?: boolean
}

const rowHeight = 42
const longestLabel = 44

/**
 * Horizontal bars in the given order, the label above each, the value at its end. A withheld value is a mark and no bar.
 * Each `rect` carries data-label and data-value, so that a test can hold the picture to its table.
 */
export function drawBars(bars: readonly Bar[], { unit, highest }: { readonly unit: string; readonly highest?: number }): string {
  const rows = bars.map((bar, index) => ({ ...bar, row: String(index) }))
  const shown = rows.filter((each): each is typeof each & { value: number } => each.value !== null)
  const hidden = rows.filter(({ value }) => value === null)
  const largest = highest ?? Math.max(1, ...shown.map(({ value }) => value))
  const element = Plot.plot({
    document: chartDocument(),
    width: chartWidth,
    height: 42 + bars.length * rowHeight,
    marginLeft: 2,
    marginRight: 46,
    marginTop: 4,
    marginBottom: 38,
    x: { domain: [0, largest], label: unit, labelAnchor: 'center', labelOffset: 34, labelArrow: 'none', grid: true, ticks: 4 },
    y: { domain: rows.map(({ row }) => row), axis: null, padding: 0.06 },
    marks: [
      Plot.barX(shown, { x: 'value', y: 'row', insetTop: 18, fill: ({ second }: Bar) => (second ? palette[1] : palette[0]) }),
      Plot.text(rows, {
        x: 0,
        y: 'row',
        text: ({ label }: Bar) => shortened(label, longestLabel),
        textAnchor: 'start',
        dy: -11,
        dx: 1,
        stroke: 'var(--paper)',
        strokeWidth: 3,
        fill: 'currentColor',
      }),
      Plot.text(shown, {
        x: 'value',
        y: 'row',
        text: ({ value }: { value: number }) => value.toLocaleString('en'),
        textAnchor: 'start',
        dx: 5,
        dy: 9,
        fontWeight: 'bold',
      }),
      Plot.text(hidden, { x: 0, y: 'row', text: () => withheldMark, textAnchor: 'start', dx: 5, dy: 9 }),
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
