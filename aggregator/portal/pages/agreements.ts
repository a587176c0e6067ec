import { type Agreement, countRequests } from '../agreements/agreement.ts'
import { scrolling } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { Words } from '../words.ts'

/** Who gets extracts is no secret: offices, purposes and days, and how many requests were refused. */
export function agreementsPage(say: Words, agreements: readonly Agreement[]): Html {
  const counts = countRequests(agreements)
  const inForce = agreements.filter(({ state }) => state === 'approved')
  const heads = [say('agreement-office'), say('agreement-purpose'), say('agreement-what'), say('agreement-days')]
  return html`<h1>${say('agreements')}</h1><p class="lead">${say('agreements-lead')}</p>
<p>${say('agreements-counts', { asked: say.number(counts.asked), approved: say.number(counts.approved), refused: say.number(counts.refused), revoked: say.number(counts.revoked) })}</p>
${
  inForce.length === 0
    ? html`<p>${say('agreements-none')}</p>`
    : scrolling(
        say('agreements'),
        html`<table><caption class="unseen">${say('agreements')}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${inForce.map(
          ({ who, words, indicators, records, from, until }) =>
            html`<tr><th scope="row" dir="auto">${who}</th><td dir="auto">${words}</td><td>${indicators.length === 0 ? say('agreement-all') : indicators.join(', ')}${records ? html`; ${say('agreement-records')}` : null}</td><td>${say.day(from)} – ${say.day(until)}</td></tr>
`,
        )}</tbody></table>`,
      )
}`
}
