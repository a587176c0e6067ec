import * as Plot from '@observablehq/plot'
import { chartDocument, chartText, chartWidth, palette, withheldMark } from './draw.ts'

export interface TrendPoint {
  readonly round: string
  /** In the indicator's unit; null when withheld or not asked in that round. */
  readonly value: number | null
}

/**
 * One line over rounds, from zero, each point with its figure; a round without one breaks the line.
 * Each `circle` carries data-round and data-value.
 */
export function drawTrend(points: readonly TrendPoint[], { unit }: { readonly unit: string }): string {
  const shown = points.filter((each): each is { round: string; value: number } => each.value !== null)
  const hidden = points.filter(({ value }) => value === null)
  const element = Plot.plot({
    document: chartDocument(),
    width: chartWidth,
    height: 200,
    marginLeft: 44,
    marginRight: 24,
    marginTop: 28,
    x: { type: 'point', domain: points.map(({ round }) => round), label: null, padding: 0.4 },
    y: { domain: [0, Math.max(1, ...shown.map(({ value }) => value)) * 1.1], label: unit, labelArrow: 'none', grid: true, ticks: 4 },
    marks: [
      Plot.ruleY([0]),
      Plot.line(points, { x: 'round', y: (each: TrendPoint) => each.value ?? Number.NaN, stroke: palette[0], strokeWidth: 2.5 }),
      Plot.dot(shown, { x: 'round', y: 'value', fill: palette[0], r: 4.5 }),
      Plot.text(shown, {
        x: 'round',
        y: 'value',
        text: ({ value }: { value: number }) => value.toLocaleString('en'),
        dy: -14,
        fontWeight: 'bold',
      }),
      Plot.text(hidden, { x: 'round', y: 0, text: () => withheldMark, dy: -10 }),
    ],
  })
  const circles = [...element.querySelectorAll('circle')]
  shown.forEach(({ round, value }, index) => {
    circles[index]?.setAttribute('data-round', round)
    circles[index]?.setAttribute('data-value', String(value))
  })
  return chartText(element)
}
