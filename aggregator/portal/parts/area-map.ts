import { areaNodes, areasForMap } from '../areas.ts'
import { classesOf } from '../charts/classes.ts'
import { drawMap } from '../charts/map.ts'
import { drawTiles, type Place } from '../charts/tiles.ts'
import { figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedIndicator } from '../published.ts'
import { findTable, sliceOf } from '../slices.ts'
import { labelOf, type View } from '../view.ts'
import { unitWord } from '../words.ts'

/** One indicator over the areas: by their boundaries where the office gave them, else as tiles. Null below two areas. */
export function areaMap(view: View, indicator: PublishedIndicator, within: string | null = null): Html | null {
  const { say, labels, release, boundaries } = view
  const table = findTable(release, indicator.id, ['REF_AREA'])
  const codes = areasForMap(areaNodes(release), within)
  if (!table || codes.length < 2) return null
  const cells = sliceOf(table, ['REF_AREA'])
  const shown = cells.filter(({ codes: { REF_AREA = '' } }) => codes.includes(REF_AREA))
  const places = shown.map(
    ({ codes: { REF_AREA = '' }, cell }): Place => ({ code: REF_AREA, name: labels.code('REF_AREA', REF_AREA), value: cell.value }),
  )
  if (places.length < 2) return null
  const published = places.flatMap(({ value }) => (value === null ? [] : [value]))
  const classes = classesOf(published)
  const highest = places.filter(({ value }) => value !== null).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0]
  const unit = unitWord(say, indicator.unit)
  const label = labelOf(view, indicator)
  const finding = highest
    ? say('bars-finding', { label, value: say.number(highest.value ?? 0), unit, place: highest.name })
    : say('bars-nothing')
  const bounded = boundaries !== null && places.every(({ code }) => boundaries.has(code))
  const legend = html`<ul class="legend" aria-label="${say('legend')}">${classes.map(
    ({ fill, from, to }) =>
      html`<li><span class="key" style="background:${fill}"></span>${from === to ? say.number(from) : `${say.number(from)}–${say.number(to)}`}</li>`,
  )}${published.length < places.length ? html`<li><span class="key hatched"></span>${say('withheld')}</li>` : null}<li>${unit}</li></ul>`
  return figure(view, {
    finding,
    svg: bounded ? drawMap(places, classes, boundaries) : drawTiles(places, classes),
    legend,
    note: bounded ? say('map-bounds') : say('map-tiles'),
    table: figureTable(
      view,
      label,
      cells.filter(({ codes: { REF_AREA = '' } }) => REF_AREA === '_T' || codes.includes(REF_AREA)),
      'REF_AREA',
    ),
  })
}
