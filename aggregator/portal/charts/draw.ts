import { parseHTML } from 'linkedom'

/** A document to draw in: charts are made on the server, so that a page can be read without JavaScript. */
export function chartDocument(): Document {
  return parseHTML('<!doctype html><html><head></head><body></body></html>').document
}

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
  return svg.outerHTML
}

/** Okabe-Ito: told apart by people who see colours differently. Order is by importance, not by mood. */
export const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999999', '#f0e442'] as const

/** For figures that were withheld: a hatch, never a colour that could be read as a value. */
export const withheldMark = '⁂'
