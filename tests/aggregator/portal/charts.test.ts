import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { drawBars } from '../../../aggregator/portal/charts/bars.ts'
import { classesOf } from '../../../aggregator/portal/charts/classes.ts'
import { mapClasses } from '../../../aggregator/portal/charts/draw.ts'
import { drawDots } from '../../../aggregator/portal/charts/dots.ts'
import { drawTiles } from '../../../aggregator/portal/charts/tiles.ts'
import { drawTrend } from '../../../aggregator/portal/charts/trend.ts'
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
      expect(width / scale).toBeCloseTo(bar?.persons ?? Number.NaN, 1)
    }
  })

  it('puts women left and men right of the middle, and never draws their difference', () => {
    const middle = Math.min(...drawn.filter(({ facts }) => facts['data-side'] === 'right').map(({ x }) => x))
    for (const { facts, x, width } of drawn) {
      if (facts['data-side'] === 'left') expect(x + width).toBeLessThanOrEqual(middle + 0.02)
      else expect(x).toBeGreaterThanOrEqual(middle - 0.02)
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
    expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(3, 2)
    expect([first?.facts['data-label'], second?.facts['data-label']]).toEqual(['Mabini', 'Luna'])
  })

  it('show a withheld value as a mark, not as zero', () => {
    expect(svg).toContain('⁂')
  })

  it('carry no inner aria labels, which axe rejects', () => {
    expect(svg.replace('aria-hidden="true"', '')).not.toContain('aria-')
  })
})

describe('a map of tiles', () => {
  const places = [12, 3, null, 40, 7].map((value, index) => ({ code: `B${index}`, name: `Place ${index}`, value }))
  const classes = classesOf(places.flatMap(({ value }) => (value === null ? [] : [value])))
  const svg = drawTiles(places, classes)
  const { document } = parseHTML(`<body>${svg}</body>`)
  const tiles = [...document.querySelectorAll('rect[data-code]')]

  it('has a tile with its figure for every place', () => {
    expect(tiles.map((each) => [each.getAttribute('data-code'), each.getAttribute('data-value')])).toEqual(
      places.map(({ code, value }) => [code, String(value ?? '')]),
    )
    for (const { value } of places) expect(svg).toContain(`>${value ?? '⁂'}</text>`)
  })

  it('is darker where the figure is higher, and hatched where it is withheld', () => {
    const darkness = (value: number) =>
      mapClasses.findIndex(({ fill }) => fill === tiles[places.findIndex((each) => each.value === value)]?.getAttribute('fill'))
    expect([3, 7, 12, 40].map(darkness)).toEqual([0, 1, 2, 3])
    expect(tiles[2]?.getAttribute('fill')).toBe('url(#hatch)')
  })
})

describe('classes of a map', () => {
  it.each([
    ['four values', [1, 2, 3, 4], 4],
    ['equal values never in two classes', [5, 5, 5, 5, 9], 2],
    ['one value', [5], 1],
    ['none', [], 0],
  ])('%s', (_title, values, count) => {
    const classes = classesOf(values)
    expect(classes).toHaveLength(count)
    for (const value of values) expect(classes.filter(({ from, to }) => value >= from && value <= to)).toHaveLength(1)
  })
})

describe('a trend', () => {
  const svg = drawTrend(
    [
      { round: '2024', value: 5 },
      { round: '2025', value: null },
      { round: '2026', value: 20 },
    ],
    { unit: 'percent' },
  )
  const { document } = parseHTML(`<body>${svg}</body>`)
  const points = [...document.querySelectorAll('circle')].map((each) => ({
    round: each.getAttribute('data-round'),
    y: Number(each.getAttribute('cy')),
  }))

  it('has a point for every published figure, at its height above zero', () => {
    expect(points.map(({ round }) => round)).toEqual(['2024', '2026'])
    const zero = 200 - 30
    const [low, high] = points.map(({ y }) => zero - y)
    expect((high ?? 0) / (low ?? 1)).toBeCloseTo(4, 1)
  })

  it('marks a round without a figure', () => {
    expect(svg).toContain('⁂')
  })
})

describe('a hundred dots', () => {
  it.each([
    [0, 0],
    [8.4, 8],
    [14, 14],
    [100, 100],
  ])('fill %d as %d of a hundred', (value, filled) => {
    const svg = drawDots(value)
    expect(svg.match(/<circle/g)).toHaveLength(100)
    expect(svg.match(/data-filled/g) ?? []).toHaveLength(filled)
  })
})
