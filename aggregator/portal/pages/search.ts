import { type Html, html } from '../html.ts'
import { figureText } from '../figure.ts'
import { figureAt } from '../slices.ts'
import { labelOf, tabulated, type View } from '../view.ts'
import { themeWord, unitWord } from '../words.ts'

/** Lower case without accents, so that "espana" finds España and a phone without ñ is enough. */
const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase('en')

/** Indicators and places that have all the words, in any language of the portal. People are not in it: nothing about one person is kept. */
export function searchPage(view: View, asked: string): Html {
  const { say, labels, release, link } = view
  const words = folded(asked)
    .split(/\s+/)
    .filter((each) => each !== '')
  const has = (...texts: readonly string[]) => {
    const text = folded(texts.join(' '))
    return words.length > 0 && words.every((word) => text.includes(word))
  }
  const indicators = tabulated(release).filter((each) =>
    has(
      each.id,
      ...Object.values(each.title),
      ...Object.values(each.label),
      each.source,
      each.universe,
      themeWord(say, each.id.replace(/\d.*$/, '')),
    ),
  )
  const areas = Object.entries(release.areas).filter(([code, name]) => code !== '_T' && has(code, name))
  const found = indicators.length + areas.length
  return html`<h1>${say('search')}</h1>
<form class="find" role="search" aria-label="${say('search-label')}" action="/search" method="get"><input type="hidden" name="lang" value="${say.language}"><input type="search" name="q" value="${asked}" maxlength="80" aria-label="${say('search')}"><button>${say('search')}</button></form>
${words.length === 0 ? null : html`<p role="status">${found > 0 ? say('search-found', { words: asked, count: found }) : say('search-none')}</p>`}
${areas.length > 0 ? html`<h2>${say('areas')}</h2><ul class="hits">${areas.map(([code]) => html`<li><a href="${link(`/areas/${code}`)}">${labels.code('REF_AREA', code)}</a></li>`)}</ul>` : null}
${indicators.length > 0 ? html`<h2>${say('indicators')}</h2><ul class="hits">${indicators.map((each) => html`<li><a href="${link(`/indicators/${each.id}`)}">${labelOf(view, each)}</a> <b>${figureText(say, figureAt(release, each.id)?.cell)}</b> <small>${unitWord(say, each.unit)}</small></li>`)}</ul>` : null}
<p class="quiet">${say('search-people')}</p>`
}
