import { ancestorsOf, areaNodes, areasForMap, childrenOf } from '../areas.ts'
import { figureText, scrolling, symbols } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { areaMap } from '../parts/area-map.ts'
import { bigNumbers } from '../parts/numbers.ts'
import { pyramidFigure } from '../parts/pyramid.ts'
import { trendFigure } from '../parts/trend.ts'
import { everything, figureAt } from '../slices.ts'
import { labelOf, tabulated, type View } from '../view.ts'
import { themeWord, unitWord } from '../words.ts'
import { themesOf } from './indicators.ts'

/** The tree of areas, each with its people and its sheet. */
export function areasPage(view: View): Html {
  const { say, release } = view
  const nodes = areaNodes(release)
  const branch = (parent: string | null): Html | null => {
    const codes = childrenOf(nodes, parent)
    return codes.length === 0 ? null : html`<ul>${codes.map((code) => html`<li>${areaLine(view, code)}${branch(code)}</li>`)}</ul>`
  }
  const population = release.indicators.find(({ id }) => id === 'POP01')
  const map = population && areaMap(view, population)
  return html`<h1>${say('areas')}</h1><div class="grid"><section class="card"><div class="tree">${branch(null)}</div></section>
${map ? html`<section class="card"><h2>${say.text(population.title)}</h2>${map}</section>` : null}</div>${symbols(say)}`
}

function areaLine({ say, labels, release, link }: View, code: string): Html {
  const people = figureAt(release, 'POP01', code)?.cell
  return html`<a href="${link(`/areas/${code}`)}">${labels.code('REF_AREA', code)}</a> ${people ? html`<small>${figureText(say, people)} ${say('persons')}</small>` : null}`
}

/** All published figures of one area, beside those of the whole where it is not the whole itself; themes open on a touch, so that a phone shows the pictures. */
export function areaPage(view: View, code: string): Html {
  const { say, labels, release, link } = view
  const nodes = areaNodes(release)
  const shown = tabulated(release)
  const rows = shown.flatMap((indicator) => {
    const cell = figureAt(release, indicator.id, code)?.cell
    return cell ? [{ indicator, cell, whole: figureAt(release, indicator.id)?.cell }] : []
  })
  const published = rows.filter(({ cell }) => cell.value !== null).length
  const pyramid = pyramidFigure(view, code)
  const within = areasForMap(nodes, code)
  const subject = shown.find(({ id }) => id === 'MIG04') ?? shown[0]
  const map = within.length > 1 && subject ? areaMap(view, subject, code) : null
  const people = shown.find(({ id }) => id === 'POP01')
  const name = labels.code('REF_AREA', code)
  const isWhole = childrenOf(nodes, null).length === 1 && childrenOf(nodes, null)[0] === code
  return html`<p class="crumbs"><a href="${link('/areas')}">${say('areas')}</a>${ancestorsOf(nodes, code).map((each) => html` › <a href="${link(`/areas/${each}`)}">${labels.code('REF_AREA', each)}</a>`)}</p>
<h1>${name}</h1><p class="lead">${say('area-lead', { published: say.number(published), all: say.number(shown.length) })}</p>
${release.carried?.includes(code) ? html`<p>${say('carried', { areas: name })}</p>` : null}
<p class="acts"><a class="act" href="${link(`/areas/${code}/sheet`)}">${say('sheet')}</a> <a class="act" href="${link(`/areas/${code}/sheet.pdf`)}">${say('sheet-pdf')}</a> <a class="act" href="${link('/compare', { area: code })}">${say('compare')}</a></p>
${bigNumbers(view, code)}
<div class="grid">${pyramid ? html`<section class="card"><h2>${say('who-lives-here')}</h2>${pyramid}</section>` : null}
${map && subject ? html`<section class="card"><h2>${say.text(subject.title)}</h2>${map}</section>` : null}
${people ? html`<section class="card"><h2>${say('trend')}</h2>${trendFigure(view, people, code)}</section>` : null}
${childrenOf(nodes, code).length > 0 ? html`<section class="card"><h2>${say('places-within')}</h2><ul>${childrenOf(nodes, code).map((each) => html`<li>${areaLine(view, each)}</li>`)}</ul></section>` : null}</div>
<section><h2>${say('all-figures')}</h2>${themesOf(rows.map(({ indicator }) => indicator)).map(
    ({ theme, indicators }) =>
      html`<details><summary>${themeWord(say, theme)} <small>${say.number(indicators.length)}</small></summary>${scrolling(
        themeWord(say, theme),
        html`<table class="list"><caption class="unseen">${themeWord(say, theme)}</caption><thead><tr><th scope="col">${say('indicators')}</th><th scope="col">${name}</th>${isWhole ? null : html`<th scope="col">${labels.code('REF_AREA', everything)}</th>`}</tr></thead><tbody>${rows
          .filter(({ indicator }) => indicators.includes(indicator))
          .map(
            ({ indicator, cell, whole }) =>
              html`<tr><th scope="row"><a href="${link(`/indicators/${indicator.id}`)}">${labelOf(view, indicator)}</a> <small>${unitWord(say, indicator.unit)}</small></th><td><b>${figureText(say, cell)}</b></td>${isWhole ? null : html`<td>${figureText(say, whole)}</td>`}</tr>
`,
          )}</tbody></table>`,
      )}</details>`,
  )}</section>
${symbols(say)}`
}
