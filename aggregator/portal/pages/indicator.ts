import { bandWords } from '../figures.ts'
import { crossTable, figureTable, figureText, scrolling, symbols } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { mistakesOf } from '../mistakes.ts'
import { areaMap } from '../parts/area-map.ts'
import { breakdownFigure } from '../parts/breakdown.ts'
import { trendFigure } from '../parts/trend.ts'
import type { PublishedIndicator } from '../published.ts'
import { countFigures, figureAt, findTable, sliceOf, tablesOf } from '../slices.ts'
import { labelOf, type View } from '../view.ts'
import { unitWord, type Word } from '../words.ts'

export type IndicatorTab = 'chart' | 'map' | 'table'
const tabs: readonly IndicatorTab[] = ['chart', 'map', 'table']

export const tabOf = (asked: string | undefined): IndicatorTab => tabs.find((each) => each === asked) ?? 'chart'

/** One indicator: the figure, then chart, map or table by the address, then all that is needed to judge and cite it. */
export function indicatorPage(view: View, indicator: PublishedIndicator, tab: IndicatorTab, history: readonly HistoryEntry[]): Html {
  const { say, release, link } = view
  const tables = tablesOf(release, indicator.id)
  const found = figureAt(release, indicator.id)
  const path = `/indicators/${indicator.id}`
  const band = found && bandWords(say, found.cell)
  const map = areaMap(view, indicator)
  return html`<p class="crumbs"><a href="${link('/indicators')}">${say('indicators')}</a> › ${indicator.id}</p>
<h1>${labelOf(view, indicator)}</h1>
${found ? html`<p class="big"><b>${figureText(say, found.cell)}</b> ${unitWord(say, indicator.unit)}</p>` : null}
${band ? html`<p class="quiet">${say('people-behind')}: ${band} · ${say('round')} ${release.round}</p>` : null}
<nav class="tabs" aria-label="${say('indicators')}">${tabs
    .filter((each) => each !== 'map' || map)
    .map((each) => html`<a href="${link(path, { view: each })}" ${each === tab ? html`aria-current="page"` : null}>${say(each)}</a>`)}</nav>
${tab === 'map' && map ? html`<section class="card wide">${map}</section>` : tab === 'table' ? allTables(view, indicator) : charts(view, indicator)}
<div class="grid"><section class="card"><h2>${say('mistakes')}</h2><ol>${mistakesOf(say, indicator, release, tables).map((each) => html`<li>${each}</li>`)}</ol></section>
${definition(view, indicator)}${quality(view, indicator)}${historyTable(view, history)}
<section class="card"><h2>${say('download')}</h2><p><a href="${link('/tables', { indicator: indicator.id })}">${say('build-table')}</a></p><ul>${tables.map(
    (table) =>
      html`<li>${table.dimensions.map(({ id }) => view.labels.dimension(id)).join(' × ') || say('value')}: ${['csv', 'xlsx', 'json-stat', 'parquet'].map((format) => html`<a href="/api/v1/releases/${release.id}/tables/${table.id}?format=${format}">${format}</a> `)}</li>
`,
  )}</ul><p><b>${say('cite')}</b> <cite>Tala. ${say.text(indicator.title)} (${indicator.id}, ${indicator.version}). ${release.roundTitle}, ${release.id}, ${say.day(release.published)}. ${view.address}${path}</cite></p></section></div>
${symbols(say)}`
}

function charts(view: View, indicator: PublishedIndicator): Html {
  const dimensions = [...new Set(tablesOf(view.release, indicator.id).flatMap((table) => table.dimensions.map(({ id }) => id)))]
  return html`<div class="grid">${dimensions.map((id) => breakdownFigure(view, indicator, id))}
<section class="card"><h2>${view.say('trend')}</h2>${trendFigure(view, indicator)}</section></div>`
}

function allTables(view: View, indicator: PublishedIndicator): Html {
  const { labels, release } = view
  const label = labelOf(view, indicator)
  const dimensions = [...new Set(tablesOf(release, indicator.id).flatMap((table) => table.dimensions.map(({ id }) => id)))]
  const crossed = ['SEX', 'AGE', 'MIG_STATUS'] as const
  const cross = findTable(release, indicator.id, crossed)
  return html`<div class="grid">${dimensions.map((id) => {
    const table = findTable(release, indicator.id, [id])
    return (
      table &&
      html`<section class="card"><h2>${view.say('by-dimension', { dimension: labels.dimension(id) })}</h2>${scrolling(labels.dimension(id), figureTable(view, label, sliceOf(table, [id]), id))}</section>`
    )
  })}</div>${cross ? html`<section class="card wide"><h2>${crossed.map((id) => labels.dimension(id)).join(' × ')}</h2>${scrolling(label, crossTable(view, label, sliceOf(cross, crossed), crossed))}</section>` : null}`
}

function definition({ say, release }: View, indicator: PublishedIndicator): Html {
  const rule = tablesOf(release, indicator.id)[0]?.rule
  return html`<section class="card"><h2>${say('definition')}</h2><dl>
<dt>${say('universe')}</dt><dd>${say.text(indicator.universeLabel) || indicator.universe}</dd>
<dt>${say('unit')}</dt><dd>${unitWord(say, indicator.unit)}</dd>
<dt>${say('source')}</dt><dd>${indicator.source}</dd>
<dt>${say('class')}</dt><dd>${say(`class-${indicator.class}` as Word)}</dd>
<dt>${say('version')}</dt><dd>${indicator.version}</dd>
<dt>${say('gcm')}</dt><dd>${indicator.gcm.join(', ')}</dd>
${indicator.sdg ? html`<dt>${say('sdg')}</dt><dd>${indicator.sdg}</dd>` : null}
${rule ? html`<dt>${say('minimum')}</dt><dd>${rule.minimum}</dd>` : null}
${rule?.rounding ? html`<dt>${say('rounding')}</dt><dd>${rule.rounding}</dd>` : null}
</dl></section>`
}

function quality({ say, release, labels }: View, indicator: PublishedIndicator): Html {
  const { published, all, low } = countFigures(tablesOf(release, indicator.id))
  const carried = release.carried ?? []
  return html`<section class="card"><h2>${say('quality')}</h2><ul><li>${say(published < all ? 'quality-published' : 'figures-published', { published: say.number(published), all: say.number(all) })}</li>
${low > 0 ? html`<li>${say('quality-low', { low: say.number(low) })}</li>` : null}<li>${say('quality-counts')}</li>${carried.length > 0 ? html`<li>${say('carried', { areas: carried.map((code) => labels.code('REF_AREA', code)).join(', ') })}</li>` : null}</ul></section>`
}

/** The indicator's figure as each release had it, newest first. */
export interface HistoryEntry {
  readonly release: string
  readonly published: string
  readonly round: string
  readonly version: string
  readonly figure: Html
}

function historyTable({ say }: View, history: readonly HistoryEntry[]): Html {
  const heads = [say('release'), say('published'), say('version'), say('value')]
  return html`<section class="card"><h2>${say('history')}</h2>${scrolling(
    say('history'),
    html`<table><caption class="unseen">${say('history')}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${history.map((each) => html`<tr><th scope="row">${each.release}</th><td>${say.day(each.published)}</td><td>${each.version}</td><td>${each.figure}</td></tr>`)}</tbody></table>`,
  )}</section>`
}
