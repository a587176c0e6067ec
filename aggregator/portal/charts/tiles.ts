import { escapeHtml } from '../html.ts'
import { classOf, type MapClass } from './classes.ts'
import { chartWidth, hatch, shortened, withheldMark } from './draw.ts'

export interface Place {
  readonly code: string
  readonly name: string
  /** In the indicator's unit; null when withheld. */
  readonly value: number | null
}

const gap = 4
const height = 72

/**
 * A map without boundaries: one tile per place in the order of the register, coloured by class, hatched where withheld.
 * Each tile's `rect` carries data-code and data-value.
 */
export function drawTiles(places: readonly Place[], classes: readonly MapClass[]): string {
  const columns = places.length <= 3 ? Math.max(1, places.length) : places.length <= 12 ? 3 : 4
  const width = (chartWidth - gap * (columns - 1)) / columns
  const letters = Math.floor(width / 7.2)
  const tiles = places.map(({ code, name, value }, index) => {
    const x = (index % columns) * (width + gap)
    const y = Math.floor(index / columns) * (height + gap)
    const shade = value === null ? undefined : classOf(classes, value)
    const ink = shade?.ink ?? '#111111'
    const middle = (x + width / 2).toFixed(1)
    const line = (text: string, dy: number, style: string) =>
      `<text x="${middle}" y="${y + dy}" fill="${ink}" text-anchor="middle" ${style}>${escapeHtml(text)}</text>`
    return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" rx="6" fill="${shade?.fill ?? 'url(#hatch)'}" stroke="#6b7280" data-code="${escapeHtml(code)}" data-value="${value ?? ''}"/>${inTwoLines(
      name,
      letters,
    )
      .map((text, row, all) => line(text, all.length === 1 ? 27 : 19 + row * 14, 'font-size="12"'))
      .join('')}${line(value === null ? withheldMark : value.toLocaleString('en'), 59, 'font-size="16" font-weight="bold"')}`
  })
  const rows = Math.ceil(places.length / columns)
  return `<svg viewBox="0 0 ${chartWidth} ${Math.max(1, rows * (height + gap))}" aria-hidden="true" focusable="false" direction="ltr" font-family="inherit"><defs>${hatch}</defs>${tiles.join('')}</svg>`
}

function inTwoLines(name: string, longest: number): readonly string[] {
  if (lengthOf(name) <= longest) return [name]
  const words = name.split(' ')
  let first = words.shift() ?? ''
  while (words[0] !== undefined && lengthOf(first) + 1 + lengthOf(words[0]) <= longest) first += ` ${words.shift() ?? ''}`
  return words.length === 0 ? [shortened(first, longest)] : [shortened(first, longest), shortened(words.join(' '), longest)]
}

const lengthOf = (text: string) => Array.from(text).length
