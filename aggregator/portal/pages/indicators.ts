import { figureText, scrolling, symbols } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedIndicator } from '../published.ts'
import { countFigures, figureAt, tablesOf } from '../slices.ts'
import { labelOf, tabulated, type View } from '../view.ts'
import { themeWord, unitWord } from '../words.ts'

/** Themes in the order a reader looks for them; others follow. */
const order = ['POP', 'MIG', 'RET', 'REM', 'REC', 'LAB', 'EDU', 'HLT', 'DSB', 'DOC', 'HOU', 'CBM', 'CLI', 'SOC', 'INF']

export function themesOf(
  indicators: readonly PublishedIndicator[],
): readonly { readonly theme: string; readonly indicators: readonly PublishedIndicator[] }[] {
  const themeOf = ({ id }: PublishedIndicator) => id.replace(/\d.*$/, '')
  const place = (theme: string) => (order.includes(theme) ? order.indexOf(theme) : order.length)
  return [...new Set(indicators.map(themeOf))]
    .toSorted((a, b) => place(a) - place(b) || a.localeCompare(b, 'en'))
    .map((theme) => ({ theme, indicators: indicators.filter((each) => themeOf(each) === theme) }))
}

/** All indicators of the release by theme, each with its figure for everybody and how much of it could be published. */
export function indicatorsPage(view: View): Html {
  const { say, release } = view
  const themes = themesOf(tabulated(release))
  return html`<h1>${say('indicators')}</h1>
<p class="quiet">${say('published-on', { release: release.id, day: say.day(release.published) })}</p>
<nav class="chips" aria-label="${say('themes')}">${themes.map(({ theme }) => html`<a href="#${theme}">${themeWord(say, theme)}</a> `)}</nav>
${themes.map(
  ({ theme, indicators }) => html`<section id="${theme}"><h2>${themeWord(say, theme)}</h2>${scrolling(
    themeWord(say, theme),
    html`<table class="list"><caption class="unseen">${themeWord(say, theme)}</caption><thead class="unseen"><tr><th scope="col">${say('indicators')}</th><th scope="col">${say('value')}</th></tr></thead><tbody>${indicators.map((each) => indicatorRow(view, each))}</tbody></table>`,
  )}</section>
`,
)}
${symbols(say)}`
}

function indicatorRow(view: View, indicator: PublishedIndicator): Html {
  const { say, release, link } = view
  const found = figureAt(release, indicator.id)
  const { published, all } = countFigures(tablesOf(release, indicator.id))
  return html`<tr><th scope="row"><a href="${link(`/indicators/${indicator.id}`)}">${labelOf(view, indicator)}</a><br><small>${say('figures-published', { published: say.number(published), all: say.number(all) })}</small></th><td>${found ? html`<b>${figureText(say, found.cell)}</b> <small>${unitWord(say, indicator.unit)}</small>` : null}</td></tr>
`
}
