import { type AreaCoverage, responseRate } from '../../ingest/coverage.ts'
import { type Html, html } from '../html.ts'

/** Homes listed, visited and interviewed by area, for the supervisor and the desk. @param areas names by code. */
export function coverageTable(coverage: readonly AreaCoverage[], areas: ReadonlyMap<string, string>): Html {
  if (coverage.length === 0) return html`<p>No home of this round has been listed or visited yet.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Coverage"><table><caption>Homes by what became of them; each counts once. Response: interviewed, of the visited homes where somebody was to be interviewed.</caption><thead><tr>${['Area', 'Listed', 'Visited', 'Interviewed', 'Held', 'Refused', 'Absent', 'No home', 'Other', 'Response'].map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${coverage.map(
    (each) =>
      html`<tr><th scope="row">${areas.get(each.area) ?? each.area}</th><td>${each.listed ?? ''}</td><td>${each.visited}</td><td>${each.interviewed}</td><td>${each.held}</td><td>${each.refused}</td><td>${each.absent}</td><td>${each.noHome}</td><td>${each.other}</td><td>${rate(each)}</td></tr>`,
  )}</tbody></table></div>`
}

function rate(each: AreaCoverage): string {
  const share = responseRate(each)
  return share === null ? '' : `${Math.round(100 * share)} %`
}
