import * as Plot from '@observablehq/plot'
import type { Boundaries, Geometry } from '../boundaries.ts'
import { classOf, type MapClass } from './classes.ts'
import { chartDocument, chartText, chartWidth, hatch, withheldMark } from './draw.ts'
import type { Place } from './tiles.ts'

interface Shape {
  readonly type: 'Feature'
  readonly geometry: Geometry
  readonly properties: Place
}

/** Above this many places figures would lie on each other; the table has them. */
const mostLabels = 16

/**
 * Places by their boundaries, coloured by class, hatched where withheld; Mercator, fitted to the places shown.
 * Each `path` carries data-code and data-value.
 */
export function drawMap(places: readonly Place[], classes: readonly MapClass[], boundaries: Boundaries): string {
  const shapes = places.flatMap((place): Shape[] => {
    const geometry = boundaries.get(place.code)
    return geometry ? [{ type: 'Feature', geometry: clockwise(geometry), properties: place }] : []
  })
  const fillOf = ({ properties: { value } }: Shape) => (value === null ? 'url(#hatch)' : (classOf(classes, value)?.fill ?? '#ffffff'))
  const element = Plot.plot({
    document: chartDocument(),
    width: chartWidth,
    height: chartWidth,
    margin: 4,
    projection: { type: 'mercator', domain: { type: 'FeatureCollection', features: shapes } },
    marks: [
      Plot.geo(shapes, { fill: fillOf as never, stroke: '#4b5563', strokeWidth: 1 }),
      ...(shapes.length <= mostLabels
        ? [
            Plot.text(
              shapes,
              Plot.centroid({
                text: ({ properties: { value } }: Shape) => (value === null ? withheldMark : value.toLocaleString('en')),
                fill: '#111111',
                stroke: '#ffffff',
                strokeWidth: 4,
                fontWeight: 'bold',
              } as never),
            ),
          ]
        : []),
    ],
  })
  const paths = [...element.querySelectorAll('path')]
  shapes.forEach(({ properties: { code, value } }, index) => {
    paths[index]?.setAttribute('data-code', code)
    paths[index]?.setAttribute('data-value', String(value ?? ''))
  })
  return chartText(element).replace('>', `><defs>${hatch}</defs>`)
}

/** The projection reads a ring the other way round as "everything but this place". */
function clockwise(geometry: Geometry): Geometry {
  const area = (ring: readonly (readonly [number, number])[]) =>
    ring.reduce((sum, [x, y], index) => {
      const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [x, y]
      return sum + (nextX - x) * (nextY + y)
    }, 0)
  const turned = (rings: readonly (readonly (readonly [number, number])[])[]) =>
    rings.map((ring, index) => (area(ring) > 0 === (index === 0) ? ring : ring.toReversed()))
  return geometry.type === 'Polygon'
    ? { ...geometry, coordinates: turned(geometry.coordinates) }
    : { ...geometry, coordinates: geometry.coordinates.map(turned) }
}
