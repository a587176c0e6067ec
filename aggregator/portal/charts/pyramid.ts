import * as Plot from '@observablehq/plot'
import { chartDocument, chartText, chartWidth, palette, withheldMark } from './draw.ts'

export interface PyramidBar {
  readonly age: string
  readonly side: 'left' | 'right'
  readonly series: string
  /** Published persons; null when withheld. */
  readonly persons: number | null
}

export interface PyramidOptions {
  /** Youngest first; drawn from the bottom up. */
  readonly ages: readonly string[]
  readonly series: readonly string[]
  readonly labels: { readonly left: string; readonly right: string; readonly persons: string; readonly withheld: string }
}

/**
 * A population pyramid: one side for women, one for men, stacked by series outward from the middle.
 * Stacking is done here and not by the chart library, whose stack of signed values once drew men minus women.
 * Each `rect` carries data-age, data-side, data-series and data-persons, so that a test can hold the picture to its table.
 */
export function drawPyramid(bars: readonly PyramidBar[], { ages, series, labels }: PyramidOptions): string {
  const stacked = stack(bars, ages, series)
  const largest = Math.max(10, ...stacked.map(({ x2 }) => Math.abs(x2)))
  const hidden = bars.filter(({ persons }) => persons === null)
  const document = chartDocument()
  const element = Plot.plot({
    document,
    width: chartWidth,
    height: 62 + ages.length * 22,
    marginLeft: 50,
    marginRight: 8,
    marginBottom: 38,
    x: {
      domain: [-largest, largest],
      label: labels.persons,
      labelAnchor: 'center',
      labelOffset: 34,
      labelArrow: 'none',
      tickFormat: (value: number) => String(Math.abs(value)),
      grid: true,
      ticks: 6,
    },
    y: { domain: ages.toReversed(), label: null, padding: 0.15 },
    color: { domain: [...series], range: [palette[0], palette[1], palette[6]] },
    marks: [
      Plot.barX(stacked, { x1: 'x1', x2: 'x2', y: 'age', fill: 'series', stroke: 'currentColor', strokeWidth: 0.5 }),
      Plot.text(withheldSides(hidden), {
        x: (each: { side: string }) => (each.side === 'left' ? -0.08 : 0.08) * largest,
        y: 'age',
        text: () => withheldMark,
        textAnchor: 'middle',
      }),
      Plot.ruleX([0]),
      Plot.text([labels.left], { frameAnchor: 'top-left', dy: -16, fontWeight: 'bold' }),
      Plot.text([labels.right], { frameAnchor: 'top-right', dy: -16, fontWeight: 'bold' }),
    ],
    marginTop: 28,
  })
  const rectangles = [...element.querySelectorAll('rect')].filter((each) => each.getAttribute('width') !== null)
  stacked.forEach((bar, index) => {
    const rectangle = rectangles[index]
    rectangle?.setAttribute('data-age', bar.age)
    rectangle?.setAttribute('data-side', bar.side)
    rectangle?.setAttribute('data-series', bar.series)
    rectangle?.setAttribute('data-persons', String(bar.persons))
  })
  return chartText(element)
}

function stack(bars: readonly PyramidBar[], ages: readonly string[], series: readonly string[]) {
  const stacked: (PyramidBar & { x1: number; x2: number })[] = []
  for (const age of ages) {
    for (const side of ['left', 'right'] as const) {
      const sign = side === 'left' ? -1 : 1
      let from = 0
      for (const each of series) {
        const bar = bars.find((one) => one.age === age && one.side === side && one.series === each)
        if (!bar || bar.persons === null || bar.persons === 0) continue
        stacked.push({ ...bar, x1: sign * from, x2: sign * (from + bar.persons) })
        from += bar.persons
      }
    }
  }
  return stacked
}

function withheldSides(hidden: readonly PyramidBar[]) {
  const seen = new Map(hidden.map(({ age, side }) => [`${age} ${side}`, { age, side }]))
  return [...seen.values()]
}
