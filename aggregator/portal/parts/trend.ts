import { drawTrend } from '../charts/trend.ts'
import { figure, figureText } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { isSameFigure, type PublishedIndicator } from '../published.ts'
import { everything, figureAt } from '../slices.ts'
import { labelOf, type View } from '../view.ts'
import { unitWord } from '../words.ts'

/** One figure over the rounds, as far as the indicator had the same definition; says so when there is only one round. */
export function trendFigure(view: View, indicator: PublishedIndicator, area: string = everything): Html {
  const { say, rounds } = view
  const points = rounds.flatMap((release) => {
    const then = release.indicators.find(({ id }) => id === indicator.id)
    if (!isSameFigure(indicator, then)) return []
    const cell = figureAt(release, indicator.id, area)?.cell
    return [{ round: release.round, value: cell?.value ?? null, cell }]
  })
  const published = points.filter(({ value }) => value !== null)
  const [first, last] = [published[0], published.at(-1)]
  if (published.length < 2 || !first || !last) return html`<p>${say('trend-one')}</p>`
  const unit = unitWord(say, indicator.unit)
  const label = labelOf(view, indicator)
  return figure(view, {
    finding: say('trend-finding', {
      label,
      first: say.number(first.value ?? 0),
      from: first.round,
      last: say.number(last.value ?? 0),
      to: last.round,
      unit,
    }),
    svg: drawTrend(points, { unit }),
    table: html`<table><caption>${label}</caption><thead><tr><th scope="col">${say('round')}</th><th scope="col">${unit}</th></tr></thead>
<tbody>${points.map(({ round, cell }) => html`<tr><th scope="row">${round}</th><td>${cell ? figureText(say, cell) : say('round-missing')}</td></tr>`)}</tbody></table>`,
  })
}
