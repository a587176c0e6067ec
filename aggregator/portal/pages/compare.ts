import { areaNodes } from '../areas.ts'
import { drawBars } from '../charts/bars.ts'
import { differs } from '../figures.ts'
import { figure, figureText, scrolling, symbols } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { scaleOf } from '../parts/breakdown.ts'
import { isSameFigure, type PublishedIndicator, type PublishedRelease } from '../published.ts'
import { everything, figureAt, type FoundCell } from '../slices.ts'
import { labelOf, tabulated, type View } from '../view.ts'
import { unitWord } from '../words.ts'

/** One side of a comparison: a place in a release. */
export interface Side {
  readonly area: string
  readonly release: PublishedRelease
}

interface Pair {
  readonly indicator: PublishedIndicator
  readonly first: FoundCell
  readonly second: FoundCell
  /** The definition, or a rule behind it, changed between the two releases. */
  readonly redefined: boolean
}

/** Two places, or one place in two rounds: every indicator with a published figure on both sides. A difference that rounding alone can make is not shown as one. */
export function comparePage(
  view: View,
  [first, second]: readonly [Side, Side],
  releases: readonly { readonly id: string; readonly round: string }[],
): Html {
  const { say } = view
  const shared = tabulated(second.release).filter(({ id }) => first.release.indicators.some((each) => each.id === id))
  const pairs = shared.flatMap((indicator) => pairOf(indicator, first, second))
  const named = ({ area, release }: Side, other: Side) =>
    `${release.areas[area] ?? area}${release.id === other.release.id ? '' : ` (${release.round})`}`
  const names = [named(first, second), named(second, first)] as const
  return html`<h1>${say('compare')}</h1><p class="lead">${say('compare-lead')}</p>
<form method="get" action="/compare" class="choices"><input type="hidden" name="lang" value="${say.language}">
${sideFields(view, 'compare-first', '', first, releases)}${sideFields(view, 'compare-second', '2', second, releases)}<p><button>${say('compare-show')}</button></p></form>
${pairs.length === 0 ? html`<p>${say('compare-nothing')}</p>` : html`${pictures(view, pairs, names)}${pairTable(view, pairs, names)}<p class="quiet">${say('difference-rule')}</p>`}
${shared.length > pairs.length ? html`<p>${say('compare-withheld', { count: shared.length - pairs.length })}</p>` : null}
${symbols(say)}`
}

function pairOf(indicator: PublishedIndicator, first: Side, second: Side): readonly Pair[] {
  const [one, two] = [figureAt(first.release, indicator.id, first.area), figureAt(second.release, indicator.id, second.area)]
  if (!one || !two || one.cell.value === null || two.cell.value === null) return []
  const before = first.release.indicators.find(({ id }) => id === indicator.id)
  return [{ indicator, first: one, second: two, redefined: !isSameFigure(indicator, before) }]
}

function sideFields(
  view: View,
  heading: 'compare-first' | 'compare-second',
  suffix: string,
  side: Side,
  releases: readonly { readonly id: string; readonly round: string }[],
): Html {
  const { say, release } = view
  const codes = [everything, ...areaNodes(release).map(({ code }) => code)]
  return html`<fieldset><legend>${say(heading)}</legend><label>${say('area')} <select name="area${suffix}">${codes.map((code) => html`<option value="${code}" ${code === side.area ? html`selected` : null}>${release.areas[code] ?? code}${code === everything ? ` (${say('all-areas')})` : ''}</option>`)}</select></label>
<label>${say('choose-release')} <select name="release${suffix}">${releases.map(({ id, round }) => html`<option value="${id}" ${id === side.release.id ? html`selected` : null}>${say.verbatim(id)} (${say('round')} ${say.verbatim(round)})</option>`)}</select></label></fieldset>`
}

const mostPictures = 4

function pictures(view: View, pairs: readonly Pair[], names: readonly [string, string]): Html {
  const { say } = view
  const drawn = pairs.filter(({ redefined, indicator }) => !redefined && indicator.id !== 'POP01').slice(0, mostPictures)
  return html`<div class="grid">${drawn.map(({ indicator, first, second }) => {
    const bars = [
      { label: names[0], value: first.cell.value },
      { label: names[1], value: second.cell.value, second: true },
    ]
    const unit = unitWord(say, indicator.unit)
    const finding = `${labelOf(view, indicator)} ${bars.map(({ label, value }) => `${label}: ${say.number(value ?? 0)}`).join('; ')} (${unit}).`
    return html`<section class="card"><h2>${say.text(indicator.title)}</h2>${figure(view, {
      finding,
      svg: drawBars(bars, { unit, ...scaleOf(indicator.unit, bars) }),
      table: html`<table><caption>${labelOf(view, indicator)}</caption><thead><tr><th scope="col">${say('area')}</th><th scope="col">${unit}</th></tr></thead><tbody>${[first, second].map((each, index) => html`<tr><th scope="row">${names[index] ?? ''}</th><td>${figureText(say, each.cell)}</td></tr>`)}</tbody></table>`,
    })}</section>`
  })}</div>`
}

function pairTable(view: View, pairs: readonly Pair[], names: readonly [string, string]): Html {
  const { say, link } = view
  return scrolling(
    say('compare'),
    html`<table class="list"><caption>${names.join(' – ')}</caption><thead><tr><th scope="col">${say('indicators')}</th><th scope="col">${names[0]}</th><th scope="col">${names[1]}</th><th scope="col">${say('difference')}</th></tr></thead><tbody>${pairs.map(
      (pair) =>
        html`<tr><th scope="row"><a href="${link(`/indicators/${pair.indicator.id}`)}">${labelOf(view, pair.indicator)}</a> <small>${unitWord(say, pair.indicator.unit)}</small></th><td>${figureText(say, pair.first.cell)}</td><td>${figureText(say, pair.second.cell)}</td><td>${differenceOf(view, pair)}</td></tr>
`,
    )}</tbody></table>`,
  )
}

function differenceOf({ say }: View, { first, second, redefined }: Pair): string {
  if (redefined) return say('difference-version')
  if (!differs(first, second)) return say('difference-none')
  const difference = Number(((second.cell.value ?? 0) - (first.cell.value ?? 0)).toFixed(6))
  return difference > 0 ? `+${say.number(difference)}` : say.number(difference).replace('-', '−')
}
