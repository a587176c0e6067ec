import type { AuditEntry } from '../../custody/audit-chain.ts'
import { type Html, html } from '../html.ts'

const shown = 500

/** Who opened, queried, approved, pulled and erased what; newest first. */
export function auditPage(entries: readonly AuditEntry[], action: string | undefined): Html {
  const actions = [...new Set(entries.map((entry) => entry.action))].toSorted()
  const chosen = entries.filter((entry) => action === undefined || entry.action === action)
  return html`<p>${entries.length} entries, each holding the hash of the one before; <code>npx tala audit verify</code> checks them against the heads printed in releases.</p>
<form method="get" action="/office/audit"><p><label>Only <select name="action"><option value="">everything</option>${actions.map((each) => html`<option value="${each}"${each === action ? html` selected` : null}>${each}</option>`)}</select></label> <button>Show</button></p></form>
<div class="scroll" tabindex="0" role="region" aria-label="Audit chain"><table><caption>${chosen.length > shown ? `The newest ${shown} of ${chosen.length}` : `${chosen.length} entries`}</caption><thead><tr><th scope="col">No</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">Did</th><th scope="col">To what</th><th scope="col">Facts</th></tr></thead><tbody>${chosen
    .slice(-shown)
    .toReversed()
    .map(
      ({ seq, at, actor, action: did, subject, facts = {} }) =>
        html`<tr><th scope="row">${seq}</th><td>${at.slice(0, 19).replace('T', ' ')}</td><td>${actor}</td><td>${did}</td><td>${subject}</td><td>${Object.entries(
          facts,
        )
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}</td></tr>`,
    )}</tbody></table></div>`
}
