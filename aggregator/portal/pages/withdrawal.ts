import type { WithdrawalProof } from '../../custodian/withdrawal-proof.ts'
import { scrolling } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'

/** @param proof undefined before a code was typed; null for a code of which the chain knows nothing. */
export function withdrawalPage({ say, link }: Pick<View, 'say' | 'link'>, proof?: WithdrawalProof | null): Html {
  return html`<h1>${say('withdrawal')}</h1><p class="lead">${say('withdrawal-lead')}</p>
${proof === undefined ? null : proof === null ? html`<section role="status"><p>${say('withdrawal-unknown')}</p></section>` : proven({ say }, proof)}
<form method="post" action="${link('/withdrawal')}"><p><label>${say('withdrawal-code')} <input name="code" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr"></label> <button>${say('withdrawal-show')}</button></p></form>
<p class="quiet">${say('withdrawal-how')}</p>`
}

function proven({ say }: Pick<View, 'say'>, { state, asked, versions, cleaned, entries }: WithdrawalProof): Html {
  return html`<section role="status"><h2>${say(`withdrawal-${state}`)}</h2>
<p>${say('withdrawal-asked', { when: instant(asked) })}${state === 'erased' ? html` ${say('withdrawal-versions', { versions })}` : null}</p>
${
  cleaned.length === 0
    ? null
    : scrolling(
        say('withdrawal-cleaned'),
        html`<table><caption>${say('withdrawal-cleaned')}</caption><thead><tr><th scope="col">${say('withdrawal-place')}</th><th scope="col">${say('withdrawal-when')}</th></tr></thead><tbody>${cleaned.map(({ place, at }) => html`<tr><th scope="row">${say(`withdrawal-${place}`)}</th><td><bdi>${instant(at)}</bdi></td></tr>`)}</tbody></table>`,
      )
}
<h3>${say('withdrawal-chain')}</h3><p>${say('withdrawal-chain-lead')}</p><ul class="hashes">${entries.map(({ seq, at, hash }) => html`<li><bdi>${seq}, ${instant(at)}</bdi><br><code>${hash}</code></li>`)}</ul></section>`
}

/** On one line, wherever it stands. */
const instant = (at: string) => `${at.slice(0, 10).replaceAll('-', '\u2011')}\u00a0${at.slice(11, 16)}\u00a0UTC`
