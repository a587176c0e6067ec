import { parseHTML } from 'linkedom'

/** A document to draw in: charts are made on the server, so that a page can be read without JavaScript. */
export function chartDocument(): Document {
  return parseHTML('<!doctype html><html><head></head><body></body></html>').document
}

/** Width of every chart in its own units: that of a small phone without its margins, so that letters keep their size there. */
export const chartWidth = 328

/**
 * The SVG as text, readable by assistive technology only through its sentence and its table:
 * Plot's own aria labels on groups name no role and are worse than none.
 */
export function chartText(element: Element): string {
  for (const each of element.querySelectorAll('[aria-label],[aria-description],[aria-hidden]')) {
    each.removeAttribute('aria-label')
    each.removeAttribute('aria-description')
    each.removeAttribute('aria-hidden')
  }
  for (const style of element.querySelectorAll('style')) style.remove()
  const svg = element.tagName.toLowerCase() === 'svg' ? element : element.querySelector('svg')
  if (!svg) throw new TypeError('a chart has no svg')
  svg.removeAttribute('aria-label')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('focusable', 'false')
  // Anchors of text would change sides on a page that is read from right to left; the letters themselves still run their way.
  svg.setAttribute('direction', 'ltr')
  return shortNumbers(svg.outerHTML)
}

/** A tenth of a pixel is finer than any eye; the rest is weight on a phone's connection. */
function shortNumbers(svg: string): string {
  return svg.replace(/ (d|x|y|x1|x2|y1|y2|width|height|transform|cx|cy)="([^"]*)"/g, (_, name: string, value: string) => {
    return ` ${name}="${value.replace(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2))))}"`
  })
}

/** Okabe-Ito: told apart by people who see colours differently. Order is by importance, not by mood. */
export const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999999', '#f0e442'] as const

/** Classes of a map, light to dark in one hue, each with letters that can be read on it. */
export const mapClasses = [
  { fill: '#dcebf7', ink: '#111111' },
  { fill: '#9cc8e8', ink: '#111111' },
  { fill: '#2a6ca8', ink: '#ffffff' },
  { fill: '#0b3a66', ink: '#ffffff' },
] as const

/** For figures that were withheld: a hatch, never a colour that could be read as a value. */
export const withheldMark = '⁂'
export const hatch =
  '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#f4f4f4"/><path d="M0 0v7" stroke="#b9bdc4" stroke-width="2"/></pattern>'

/** Characters that fit, the rest as an ellipsis; the table has the whole. */
export function shortened(label: string, longest: number): string {
  const letters = Array.from(label)
  return letters.length > longest
    ? `${letters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : label
}
