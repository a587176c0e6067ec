import { type Html, html } from '../html.ts'
import { scrolling } from '../figure.ts'
import type { PublishedRelease } from '../published.ts'
import type { View } from '../view.ts'

/** Every release there ever was, newest first, with how much of it could be published. */
export function releasesPage({ say, link }: Pick<View, 'say' | 'link'>, releases: readonly PublishedRelease[]): Html {
  const heads = [say('release'), say('round'), say('published'), say('cells-published'), say('cells-withheld'), say('more')]
  return html`<h1>${say('releases')}</h1><p class="lead">${say('release-lead')}</p>
${
  releases.length === 0
    ? html`<p>${say('no-release')}</p>`
    : scrolling(
        say('releases'),
        html`<table><caption class="unseen">${say('releases')}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${releases.map(
          ({ id, published, round, roundTitle, tables, withheld }) =>
            html`<tr><th scope="row">${id}</th><td>${round}<br><small>${roundTitle}</small></td><td>${say.day(published)}</td><td>${say.number(tables.flatMap((table) => table.cells).filter(({ value }) => value !== null).length)}</td><td>${say.number(withheld)}</td><td><a href="/api/v1/releases/${id}">${say('manifest')}</a> <a href="${link('/tables', { release: id })}">${say('build-table')}</a></td></tr>
`,
        )}</tbody></table>`,
      )
}`
}
