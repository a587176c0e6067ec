import type { Labels } from '../../formats/labels.ts'
import type { ProtectedTable } from '../../disclosure/protected.ts'
import { drawBars } from '../charts/bars.ts'
import { crossTable, figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedIndicator, PublishedRelease } from '../published.ts'
import { findTable, sliceOf } from '../slices.ts'
import { unitWord, type Words } from '../words.ts'

/** What the address asks for: everything about a table is in it, so that a link shows the same table tomorrow. */
export interface TableChoice {
  readonly indicator: string | undefined
  /** One to three dimensions. */
  readonly by: readonly string[]
}

/** Choose an indicator, then breakdowns: only combinations that were planned and released can be chosen, the others say why not. */
export function tablePage(say: Words, labels: Labels, release: PublishedRelease, choice: TableChoice, address: string): Html {
  const published = release.indicators.filter(({ id }) => release.tables.some(({ indicator }) => indicator === id))
  const indicator = published.find(({ id }) => id === choice.indicator) ?? published[0]
  if (!indicator) return html`<h1>${say('build-table')}</h1><p>${say('no-release')}</p>`
  const possible = [
    ...new Set(
      release.tables.filter((table) => table.indicator === indicator.id).flatMap(({ dimensions }) => dimensions.map(({ id }) => id)),
    ),
  ]
  const by = choice.by.filter((id) => possible.includes(id)).slice(0, 3)
  const table = by.length > 0 ? findTable(release, indicator.id, by) : undefined
  return html`<h1>${say('build-table')}</h1>
<form method="get" action="/tables"><input type="hidden" name="lang" value="${say.language}">
<p><label>${say('indicators')}<br><select name="indicator">${published.map(({ id, label }) => html`<option value="${id}" ${id === indicator.id ? html`selected` : null}>${label[say.language] ?? label.en}</option>`)}</select></label></p>
<fieldset><legend>${say('breakdowns')}</legend>${possible.map((id) => {
    const open = by.includes(id) || findTable(release, indicator.id, [...by, id]) !== undefined
    return html`<p><label><input type="checkbox" name="by" value="${id}" ${by.includes(id) ? html`checked` : null} ${open ? null : html`disabled`}> ${labels.dimension(id)}${open ? null : html` <small>${say('not-planned')}</small>`}</label></p>`
  })}</fieldset><p><button>${say('show')}</button></p></form>
${by.length === 0 ? html`<p>${say('choose-breakdown')}</p>` : table ? tableResult(say, labels, release, indicator, table, by, address) : html`<p>${say('not-planned')}</p>`}
<p class="symbol">${say('withheld-long')}</p>`
}

function tableResult(
  say: Words,
  labels: Labels,
  release: PublishedRelease,
  indicator: PublishedIndicator,
  table: ProtectedTable,
  by: readonly string[],
  address: string,
): Html {
  const label = indicator.label[say.language] ?? indicator.label.en ?? indicator.id
  const cells = sliceOf(table, by)
  const [first = '', second, third] = by
  const path = `/api/v1/releases/${release.id}/tables/${table.id}`
  const rendered =
    third !== undefined && second !== undefined
      ? crossTable(say, labels, label, cells, [first, second, third])
      : figureTable(say, labels, label, cells, first, second)
  const bars = cells
    .filter(({ codes, cell }) => codes[first] !== '_T' && cell.status !== 'M')
    .map(({ codes, cell }) => ({ label: labels.code(first, codes[first] ?? ''), value: cell.value }))
  return html`<section><h2>${label}</h2>
${by.length === 1 && bars.length > 1 ? figure(say, { finding: label, svg: drawBars(bars, { unit: unitWord(say, indicator.unit) }), table: rendered }) : html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${rendered}</div>`}
<h2>${say('download')}</h2><p>${['csv', 'xlsx', 'json', 'json-stat', 'arrow', 'datapackage'].map((format) => html`<a href="${path}?format=${format}">${format}</a> `)}</p>
<h2>${say('snippets')}</h2>${snippets(`${address}${path}?format=csv`).map(([tool, code]) => html`<p><b>${tool}</b></p><pre tabindex="0">${code}</pre>`)}</section>`
}

/** One line per tool that reads the table as it stands here. */
export function snippets(url: string): readonly (readonly [tool: string, code: string])[] {
  return [
    ['R', `read.csv("${url}")`],
    ['Python', `import pandas; pandas.read_csv("${url}")`],
    ['Stata', `import delimited "${url}", clear`],
    ['Excel, Power BI', `= Csv.Document(Web.Contents("${url}"), [Delimiter=",", Encoding=65001])`],
  ]
}
