import type { ProtectedTable } from '../../disclosure/protected.ts'
import { areaNodes, areasForMap } from '../areas.ts'
import { drawBars } from '../charts/bars.ts'
import { crossTable, figure, figureTable, scrolling, symbols } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { barsOf, isAsked, scaleOf } from '../parts/breakdown.ts'
import type { PublishedIndicator } from '../published.ts'
import { everything, findTable, type SliceCell, sliceOf } from '../slices.ts'
import { snippets } from '../snippets.ts'
import { areaOptions, breakdownOptions, mostBreakdowns, type Option, type TableChoice } from '../table-choices.ts'
import { labelOf, tabulated, type View } from '../view.ts'
import { themeWord, unitWord } from '../words.ts'
import { themesOf } from './indicators.ts'

/** What the address of the page may ask for; whatever does not exist is left out. */
export interface AskedTable {
  readonly indicator: string | undefined
  readonly by: readonly string[]
  readonly areas: readonly string[]
}

/** Choose what, by what and where: what is impossible or protected is greyed out with its reason before anything is asked. */
export function tablePage(view: View, asked: AskedTable, releases: readonly { readonly id: string; readonly round: string }[]): Html {
  const { say, labels, release } = view
  const shown = tabulated(release)
  const indicator = shown.find(({ id }) => id === asked.indicator) ?? shown[0]
  if (!indicator) return html`<h1>${say('build-table')}</h1><p>${say('no-release')}</p>`
  const known = new Set(
    release.tables.filter((table) => table.indicator === indicator.id).flatMap((table) => table.dimensions.map(({ id }) => id)),
  )
  const by = [...new Set(asked.by)].filter((id) => known.has(id)).slice(0, mostBreakdowns)
  const choice: TableChoice = { indicator: indicator.id, by, areas: asked.areas }
  const table = by.length > 0 ? findTable(release, indicator.id, by) : undefined
  return html`<h1>${say('build-table')}</h1>
<form method="get" action="/tables" class="choices"><input type="hidden" name="lang" value="${say.language}">
<fieldset><legend>${say('step-what')}</legend>
<label>${say('indicators')} <select name="indicator">${themesOf(shown).map(
    ({ theme, indicators }) =>
      html`<optgroup label="${themeWord(say, theme)}">${indicators.map((each) => html`<option value="${each.id}" ${each === indicator ? html`selected` : null}>${labelOf(view, each)}</option>`)}</optgroup>`,
  )}</select></label>
<label>${say('choose-release')} <select name="release">${releases.map(({ id, round }) => html`<option value="${id}" ${id === release.id ? html`selected` : null}>${say.verbatim(id)} (${say('round')} ${say.verbatim(round)})</option>`)}</select></label></fieldset>
<fieldset><legend>${say('step-by')}</legend>${breakdownOptions(release, choice).map((option) => checkbox(view, 'by', option, labels.dimension(option.id)))}</fieldset>
${by.includes('REF_AREA') ? html`<fieldset><legend>${say('step-where')}</legend>${areaOptions(release, choice).map((option) => checkbox(view, 'area', option, labels.code('REF_AREA', option.id)))}</fieldset>` : null}
<p><button>${say('show')}</button></p></form>
${table ? tableResult(view, indicator, table, choice) : html`<p role="status">${say(by.length === 0 ? 'choose-breakdown' : 'not-planned')}</p>`}
${symbols(say)}`
}

function checkbox({ say }: View, name: string, { id, chosen, reason }: Option, label: string): Html {
  return html`<label class="${reason && !chosen ? 'off' : 'on'}"><input type="checkbox" name="${name}" value="${id}" ${chosen ? html`checked` : null} ${reason && !chosen ? html`disabled` : null}> ${label}${reason ? html` <small>${say(reason)}</small>` : null}</label>`
}

function tableResult(view: View, indicator: PublishedIndicator, table: ProtectedTable, { by, areas }: TableChoice): Html {
  const { say, labels, release, address } = view
  const label = labelOf(view, indicator)
  const cut = areas.filter((code) =>
    table.dimensions.some(({ id, nodes }) => id === 'REF_AREA' && nodes.some((node) => node.code === code)),
  )
  const cells = sliceOf(table, by).filter(
    ({ codes }) => cut.length === 0 || codes['REF_AREA'] === undefined || cut.includes(codes['REF_AREA']),
  )
  const [first = '', second, third] = by
  const rendered =
    third !== undefined && second !== undefined
      ? crossTable(view, label, cells, [first, second, third])
      : figureTable(view, label, cells, first, second)
  const path = `/api/v1/releases/${release.id}/tables/${table.id}`
  const query = selectionQuery(table, by, cut)
  const file = (format: string) => `${path}?${query}format=${format}`
  // A place and the larger one around it are no two bars, unless the reader chose both.
  const places = new Set(cut.length > 0 ? cut : areasForMap(areaNodes(release)))
  const drawn = cells.filter(({ codes }) => codes['REF_AREA'] === undefined || places.has(codes['REF_AREA']))
  const picture = pictureOf(view, indicator, drawn, by)
  return html`<section class="card wide result"><h2>${label}</h2><p class="quiet">${by.map((id) => labels.dimension(id)).join(' × ')} · ${say('round')} ${release.round} · ${unitWord(say, indicator.unit)}</p>
${picture ? figure(view, { ...picture, table: rendered, open: true }) : scrolling(label, rendered)}
<p class="quiet">${say('link-stays')}</p></section>
<div class="grid"><section class="card"><h2>${say('download')}</h2><p class="acts">${['csv', 'xlsx', 'sav', 'dta', 'json', 'json-stat', 'arrow'].map((format) => html`<a class="act" href="${file(format)}">${format}</a> `)}</p>
<p>${say('whole-table')}: <a href="${path}?format=parquet">parquet</a> <a href="${path}?format=datapackage">datapackage.json</a></p></section>
<section class="card"><h2>${say('snippets')}</h2><p>${say('snippets-lead')}</p>${snippets(`${address}${file('csv')}`).map(([tool, code]) => html`<p><b>${tool}</b></p><pre tabindex="0" dir="ltr">${code}</pre>`)}</section></div>`
}

/** The part of the table that the page shows, for the address of a file: dimensions that are not shown stand at their total. */
function selectionQuery(table: ProtectedTable, by: readonly string[], areas: readonly string[]): string {
  return table.dimensions
    .flatMap(({ id }) =>
      by.includes(id) ? (id === 'REF_AREA' && areas.length > 0 ? [`REF_AREA=${areas.join(',')}&`] : []) : [`${id}=${everything}&`],
    )
    .join('')
}

const mostBars = 30

/** Bars for one breakdown, bars in groups for two; three are read as a table. */
function pictureOf(
  view: View,
  indicator: PublishedIndicator,
  cells: readonly SliceCell[],
  by: readonly string[],
): { readonly finding: string; readonly svg: string } | null {
  const { say, labels } = view
  const [first = '', second] = by
  const shown = cells.filter(({ codes, cell }) => by.every((id) => codes[id] !== everything) && isAsked(cell))
  if (by.length > 2 || shown.length < 2 || shown.length > mostBars || shown.every(({ cell }) => cell.value === null)) return null
  if (second === undefined) return barsOf(view, indicator, shown, first)
  const bars = shown.map(({ codes, cell }) => ({
    label: `${labels.code(first, codes[first] ?? '')} · ${labels.code(second, codes[second] ?? '')}`,
    value: cell.value,
  }))
  const highest = bars.filter(({ value }) => value !== null).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0]
  const unit = unitWord(say, indicator.unit)
  return {
    finding: say('bars-finding', {
      label: labelOf(view, indicator),
      value: say.number(highest?.value ?? 0),
      unit,
      place: highest?.label ?? '',
    }),
    svg: drawBars(bars, { unit, ...scaleOf(indicator.unit, bars) }),
  }
}
