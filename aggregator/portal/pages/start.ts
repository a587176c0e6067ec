import { areaNodes, childrenOf } from '../areas.ts'
import { type Html, html } from '../html.ts'
import { bigNumbers } from '../parts/numbers.ts'
import { areaMap } from '../parts/area-map.ts'
import { pyramidFigure } from '../parts/pyramid.ts'
import { trendFigure } from '../parts/trend.ts'
import { symbols } from '../figure.ts'
import type { PublishedIndicator } from '../published.ts'
import { figureAt, findTable, sliceOf } from '../slices.ts'
import { tabulated, type View } from '../view.ts'
import { themesOf } from './indicators.ts'
import { themeWord } from '../words.ts'

/** What is looked at first on map and trend: the one of these with most places published. */
const featured = ['MIG04', 'MIG01', 'MIG05', 'MIG06'] as const

export function startPage(view: View): Html {
  const { say, release, link } = view
  const nodes = areaNodes(release)
  const places = nodes.filter(({ code }) => childrenOf(nodes, code).length === 0).length
  const people = figureAt(release, 'POP01')?.cell.value
  const shown = tabulated(release)
  const indicator = mostPlaces(view, shown)
  const map = indicator && areaMap(view, indicator)
  const pyramid = pyramidFigure(view)
  return html`<section class="hero"><h1>${release.roundTitle}</h1>
${typeof people === 'number' ? html`<p class="lead">${say('lead', { people: say.number(people), areas: places })}</p>` : null}
<p class="quiet">${say('published-on', { release: release.id, day: say.day(release.published) })}</p></section>
${bigNumbers(view)}
<div class="grid">
${pyramid ? html`<section class="card"><h2>${say('who-lives-here')}</h2>${pyramid}</section>` : null}
${indicator ? html`<section class="card"><h2>${say('trend')}</h2>${trendFigure(view, indicator)}<p><a href="${link(`/indicators/${indicator.id}`)}">${say('more')}: ${say.text(indicator.title)}</a></p></section>` : null}
${indicator && map ? html`<section class="card"><h2>${say.text(indicator.title)}</h2>${map}</section>` : null}
<section class="card"><h2>${say('themes')}</h2><ul class="themes">${themesOf(shown).map(
    ({ theme, indicators }) =>
      html`<li><a href="${link('/indicators')}#${theme}">${themeWord(say, theme)}</a> <small>${indicators.length}</small></li>`,
  )}</ul><p><a href="${link('/indicators')}">${say('all-indicators')}</a></p></section>
</div>
${symbols(say)}`
}

function mostPlaces({ release }: View, shown: readonly PublishedIndicator[]): PublishedIndicator | undefined {
  const places = ({ id }: PublishedIndicator) => {
    const table = findTable(release, id, ['REF_AREA'])
    return table ? sliceOf(table, ['REF_AREA']).filter(({ cell }) => cell.value !== null).length : 0
  }
  const candidates = featured.flatMap((id) => shown.filter((each) => each.id === id))
  return candidates.toSorted((a, b) => places(b) - places(a))[0]
}

export function nothingYet({ say }: Pick<View, 'say'>): Html {
  return html`<h1>${say('tagline')}</h1><p>${say('no-release')}</p>`
}
