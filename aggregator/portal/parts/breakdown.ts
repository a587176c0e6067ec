import { areaNodes, areasForMap } from '../areas.ts'
import { drawBars } from '../charts/bars.ts'
import { figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedIndicator } from '../published.ts'
import { everything, findTable, type SliceCell, sliceOf } from '../slices.ts'
import { labelOf, type View } from '../view.ts'
import { unitWord } from '../words.ts'

/** Bars over one dimension, all others at their total, with the finding in words. Null when there is nothing to compare. */
export function breakdownFigure(view: View, indicator: PublishedIndicator, dimension: string): Html | null {
  const { say, labels, release } = view
  const table = findTable(release, indicator.id, [dimension])
  if (!table) return null
  const cells = sliceOf(table, [dimension])
  const places = new Set(areasForMap(areaNodes(release)))
  // A place and the larger one around it are no two bars: only the finest that fit are drawn.
  const drawn = (code: string | undefined) => code !== undefined && code !== everything && (dimension !== 'REF_AREA' || places.has(code))
  const shown = cells.filter(({ codes, cell }) => drawn(codes[dimension]) && isAsked(cell))
  if (shown.length < 2) return null
  const heading = say('by-dimension', { dimension: labels.dimension(dimension) })
  if (shown.every(({ cell }) => cell.value === null))
    return html`<section class="card"><h2>${heading}</h2><p>${say('bars-nothing')}</p></section>`
  return html`<section class="card"><h2>${heading}</h2>
${figure(view, { ...barsOf(view, indicator, shown, dimension), table: figureTable(view, `${labelOf(view, indicator)} ${heading}`, cells, dimension) })}</section>`
}

/** The bars and the sentence that says what is highest. */
export function barsOf(
  view: View,
  indicator: PublishedIndicator,
  cells: readonly SliceCell[],
  dimension: string,
): { readonly finding: string; readonly svg: string } {
  const { say, labels } = view
  const bars = cells.map(({ codes, cell }) => ({ label: labels.code(dimension, codes[dimension] ?? ''), value: cell.value }))
  const highest = bars.filter(({ value }) => value !== null).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0]
  const unit = unitWord(say, indicator.unit)
  const finding = highest
    ? say('bars-finding', { label: labelOf(view, indicator), value: say.number(highest.value ?? 0), unit, place: highest.label })
    : say('bars-nothing')
  return { finding, svg: drawBars(bars, { unit, ...scaleOf(indicator.unit, bars) }) }
}

/** Shares below a tenth are drawn against ten, so that one percent never fills the picture. */
export function scaleOf(unit: string, bars: readonly { readonly value: number | null }[]): { readonly highest?: number } {
  return unit === 'percent' ? { highest: Math.max(10, ...bars.map(({ value }) => value ?? 0)) } : {}
}

/** A figure that exists: somebody of this group was asked. */
export function isAsked(cell: { readonly status: string; readonly denominator: number | null; readonly value: number | null }): boolean {
  return cell.status !== 'M' && (cell.denominator !== 0 || cell.value !== null)
}
