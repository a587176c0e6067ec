import type { Labels } from '../../formats/labels.ts'
import { figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedRelease, ReleaseSource } from '../published.ts'
import { findTable, overall, sliceOf } from '../slices.ts'
import { unitWord, type Words } from '../words.ts'

export function indicatorsPage(say: Words, release: PublishedRelease): Html {
  const published = release.indicators.filter(({ id }) => release.tables.some(({ indicator }) => indicator === id))
  return html`<h1>${say('indicators')}</h1>
<div class="scroll" tabindex="0" role="region" aria-label="${say('indicators')}"><table><caption>${say('release')} ${release.id}</caption>
<thead><tr><th scope="col">${say('indicators')}</th><th scope="col">${say('value')}</th><th scope="col">${say('unit')}</th></tr></thead>
<tbody>${published.map(({ id, label, unit }) => {
    const value = overall(release, id)?.cell.value
    return html`<tr><th scope="row"><a href="/indicators/${id}?lang=${say.language}">${label[say.language] ?? label.en}</a></th><td>${typeof value === 'number' ? value.toLocaleString('en') : html`<abbr title="${say('withheld')}">⁂</abbr>`}</td><td>${unitWord(say, unit)}</td></tr>
`
  })}</tbody></table></div>
<p class="symbol">${say('withheld-long')}</p>`
}

export function areasPage(say: Words, release: PublishedRelease): Html {
  return html`<h1>${say('areas')}</h1><ul>${Object.entries(release.areas).map(
    ([code, name]) => html`<li><a href="/areas/${code}?lang=${say.language}">${name}</a></li>
`,
  )}</ul>`
}

/** All published figures of one area on one sheet, to be read out or printed for the community. */
export function areaPage(say: Words, labels: Labels, release: PublishedRelease, code: string): Html {
  const rows = release.indicators.flatMap(({ id, label, unit }) => {
    const table = findTable(release, id, ['REF_AREA'])
    const cell = table && sliceOf(table, ['REF_AREA']).find(({ codes }) => codes.REF_AREA === code)?.cell
    return cell && cell.status !== 'M' ? [{ id, label: label[say.language] ?? label.en ?? id, unit, cell }] : []
  })
  const population = findTable(release, 'POP01', ['REF_AREA', 'SEX'])
  const here = population ? sliceOf(population, ['REF_AREA', 'SEX']).filter(({ codes }) => codes.REF_AREA === code) : []
  return html`<h1>${release.areas[code] ?? code}</h1>
${here.length > 0 ? html`<div class="scroll" tabindex="0" role="region" aria-label="${say('who-lives-here')}">${figureTable(say, labels, say('who-lives-here'), here, 'SEX')}</div>` : null}
<div class="scroll" tabindex="0" role="region" aria-label="${say('indicators')}"><table><caption>${say('indicators')}</caption>
<thead><tr><th scope="col">${say('indicators')}</th><th scope="col">${say('value')}</th><th scope="col">${say('unit')}</th></tr></thead>
<tbody>${rows.map(
    ({
      id,
      label,
      unit,
      cell,
    }) => html`<tr><th scope="row"><a href="/indicators/${id}?lang=${say.language}">${label}</a></th><td>${cell.value === null ? html`<abbr title="${say('withheld')}">⁂</abbr>` : cell.value.toLocaleString('en')}</td><td>${unitWord(say, unit)}</td></tr>
`,
  )}</tbody></table></div>
<p class="symbol">${say('withheld-long')}</p>`
}

export function releasesPage(say: Words, releases: Awaited<ReturnType<ReleaseSource['list']>>): Html {
  return html`<h1>${say('releases')}</h1><ul>${releases.map(
    ({
      id,
      published,
      round,
    }) => html`<li>${id}: ${say('round')} ${round}, ${say('published')} ${published.slice(0, 10)} – <a href="/api/v1/releases/${id}">manifest</a></li>
`,
  )}</ul>`
}
