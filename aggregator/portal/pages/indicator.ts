import type { Labels } from '../../formats/labels.ts'
import { drawBars } from '../charts/bars.ts'
import { crossTable, figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedIndicator, PublishedRelease } from '../published.ts'
import { findTable, overall, sliceOf } from '../slices.ts'
import { unitWord, type Word, type Words } from '../words.ts'

export function indicatorPage(say: Words, labels: Labels, release: PublishedRelease, indicator: PublishedIndicator): Html {
  const language = say.language
  const tables = release.tables.filter((table) => table.indicator === indicator.id)
  const found = overall(release, indicator.id)
  const rule = tables[0]?.rule
  return html`<h1>${indicator.title[language] ?? indicator.title.en}</h1>
<p>${indicator.label[language] ?? indicator.label.en}</p>
${found?.cell.value === undefined || found.cell.value === null ? null : html`<p class="big"><b>${found.cell.value.toLocaleString('en')}</b> ${unitWord(say, indicator.unit)}</p>`}
${areaFigure(say, labels, release, indicator.id)}
${breakdownFigure(say, labels, release, indicator, 'SEX', 'by-sex')}
${breakdownFigure(say, labels, release, indicator, 'AGE', 'by-age')}
${breakdownFigure(say, labels, release, indicator, 'MIG_STATUS', 'by-status')}
${crossSection(say, labels, release, indicator)}
<section><h2>${say('definition')}</h2><dl>
<dt>${say('universe')}</dt><dd>${indicator.universe}</dd>
<dt>${say('unit')}</dt><dd>${unitWord(say, indicator.unit)}</dd>
<dt>${say('source')}</dt><dd>${indicator.source}</dd>
<dt>${say('class')}</dt><dd>${say(`class-${indicator.class}` as Word)}</dd>
<dt>${say('gcm')}</dt><dd>${indicator.gcm.join(', ')}</dd>
${indicator.sdg ? html`<dt>${say('sdg')}</dt><dd>${indicator.sdg}</dd>` : null}
${rule ? html`<dt>${say('minimum')}</dt><dd>${rule.minimum}</dd>` : null}
${rule?.rounding ? html`<dt>${say('rounding')}</dt><dd>${rule.rounding}</dd>` : null}
</dl></section>
<section><h2>${say('download')}</h2><ul>${tables.map(
    (
      table,
    ) => html`<li>${table.dimensions.map(({ id }) => labels.dimension(id)).join(' × ')}: <a href="/api/v1/releases/${release.id}/tables/${table.id}?format=csv">CSV</a> <a href="/api/v1/releases/${release.id}/tables/${table.id}?format=json">JSON</a> <a href="/api/v1/releases/${release.id}/tables/${table.id}?format=json-stat">JSON-stat</a></li>
`,
  )}</ul></section>
<p class="symbol">${say('withheld-long')}</p>`
}

const crossed = ['SEX', 'AGE', 'MIG_STATUS'] as const

/** Sex by age by migration status in one table, where the release has it. */
function crossSection(say: Words, labels: Labels, release: PublishedRelease, indicator: PublishedIndicator): Html | null {
  const table = findTable(release, indicator.id, crossed)
  if (!table) return null
  const label = indicator.label[say.language] ?? indicator.label.en ?? indicator.id
  const title = crossed.map((id) => labels.dimension(id)).join(' × ')
  return html`<section><h2>${title}</h2><details><summary>${say('table')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${title}">${crossTable(say, labels, label, sliceOf(table, crossed), crossed)}</div></details></section>`
}

export function areaFigure(say: Words, labels: Labels, release: PublishedRelease, id: string): Html | null {
  const indicator = release.indicators.find((each) => each.id === id)
  return indicator ? breakdownFigure(say, labels, release, indicator, 'REF_AREA', 'by-area') : null
}

/** Bars over one dimension, all others at their total, with the finding in words. */
function breakdownFigure(
  say: Words,
  labels: Labels,
  release: PublishedRelease,
  indicator: PublishedIndicator,
  dimension: string,
  heading: Word,
): Html | null {
  const table = findTable(release, indicator.id, [dimension])
  if (!table) return null
  const cells = sliceOf(table, [dimension]).filter(
    ({ codes, cell }) => codes[dimension] !== '_T' && cell.status !== 'M' && (cell.denominator !== 0 || cell.value !== null),
  )
  if (cells.length < 2) return null
  const bars = cells.map(({ codes, cell }) => ({ label: labels.code(dimension, codes[dimension] ?? ''), value: cell.value }))
  const highest = bars.filter(({ value }) => value !== null).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0]
  const unit = unitWord(say, indicator.unit)
  const label = indicator.label[say.language] ?? indicator.label.en ?? indicator.id
  const finding = highest ? say('bars-finding', { label, value: highest.value ?? '', unit, place: highest.label }) : say('bars-nothing')
  return html`<section><h2>${label} – ${say(heading)}</h2>
${figure(say, { finding, svg: drawBars(bars, { unit, ...(indicator.unit === 'percent' ? { highest: Math.max(10, ...bars.map(({ value }) => value ?? 0)) } : {}) }), table: figureTable(say, labels, `${label} – ${say(heading)}`, sliceOf(table, [dimension]), dimension) })}</section>`
}
