import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { drawBars } from '../../../aggregator/portal/charts/bars.ts'
import { drawPyramid, type PyramidBar } from '../../../aggregator/portal/charts/pyramid.ts'

interface Rectangle {
  readonly facts: Readonly<Record<string, string | null>>
  readonly x: number
  readonly width: number
}

/** Reads a chart back as a person would: lengths against the scale. */
function rectanglesOf(svg: string): Rectangle[] {
  const { document } = parseHTML(`<body>${svg}</body>`)
  return [...document.querySelectorAll('rect')].map((each) => ({
    facts: Object.fromEntries(
      ['data-age', 'data-side', 'data-series', 'data-persons', 'data-label', 'data-value'].map((name) => [name, each.getAttribute(name)]),
    ),
    x: Number(each.getAttribute('x')),
    width: Number(each.getAttribute('width')),
  }))
}

describe('a population pyramid', () => {
  const ages = ['0–14', '15–24', '25–64', '65+']
  const series = ['Did not move', 'Moved']
  const bars: PyramidBar[] = ages.flatMap((age, row) =>
    (['left', 'right'] as const).flatMap((side, column) =>
      series.map((each, index) => ({ age, side, series: each, persons: 10 + 7 * row + 3 * column + 20 * index })),
    ),
  )
  const labels = { left: 'Women', right: 'Men', persons: 'persons', withheld: 'withheld' }
  const drawn = rectanglesOf(drawPyramid(bars, { ages, series, labels }))

  it('draws every bar of the table, each as long as its number', () => {
    expect(drawn).toHaveLength(bars.length)
    const scale = (drawn[0]?.width ?? 0) / Number(drawn[0]?.facts['data-persons'])
    for (const { facts, width } of drawn) {
      const bar = bars.find(
        (each) => each.age === facts['data-age'] && each.side === facts['data-side'] && each.series === facts['data-series'],
      )
      expect(width / scale).toBeCloseTo(bar?.persons ?? Number.NaN, 6)
    }
  })

  it('puts women left and men right of the middle, and never draws their difference', () => {
    const middle = Math.min(...drawn.filter(({ facts }) => facts['data-side'] === 'right').map(({ x }) => x))
    for (const { facts, x, width } of drawn) {
      if (facts['data-side'] === 'left') expect(x + width).toBeLessThanOrEqual(middle + 1e-6)
      else expect(x).toBeGreaterThanOrEqual(middle - 1e-6)
    }
  })

  it('marks a withheld side instead of drawing nothing there', () => {
    const svg = drawPyramid([{ age: '65+', side: 'left', series: 'Moved', persons: null }], { ages: ['65+'], series: ['Moved'], labels })
    expect(svg).toContain('⁂')
    expect(rectanglesOf(svg)).toHaveLength(0)
  })
})

describe('bars', () => {
  const svg = drawBars(
    [
      { label: 'Mabini', value: 15 },
      { label: 'Rizal', value: null },
      { label: 'Luna', value: 5 },
    ],
    { unit: 'percent' },
  )

  it('are as long as their values', () => {
    const [first, second] = rectanglesOf(svg)
    expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(3, 6)
    expect([first?.facts['data-label'], second?.facts['data-label']]).toEqual(['Mabini', 'Luna'])
  })

  it('show a withheld value as a mark, not as zero', () => {
    expect(svg).toContain('⁂')
  })

  it('carry no inner aria labels, which axe rejects', () => {
    expect(svg.replace('aria-hidden="true"', '')).not.toContain('aria-')
  })
})
