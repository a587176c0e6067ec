import { type Actor, may } from '../../accounts/role.ts'
import { type Agreement, conditions, enforcementPromise, isInForce, purposes } from '../agreements/agreement.ts'
import { type Html, html } from '../html.ts'

interface AgreementsView {
  readonly actor: Actor
  readonly agreements: readonly Agreement[]
  readonly today: Date
  readonly said: Html | null
}

export function agreementsPage({ actor, agreements, today, said }: AgreementsView): Html {
  const day = today.toISOString().slice(0, 10)
  return html`${said ? html`<section class="said" role="status">${said}</section>` : null}
<p>${enforcementPromise}</p>
${may(actor, 'request-extract') ? askForm(day) : null}
<section><h2>${may(actor, 'decide-agreement') ? 'All requests' : 'Your requests'}</h2>${agreements.length === 0 ? html`<p>None yet.</p>` : agreements.map((each) => card(actor, each, day))}</section>
${may(actor, 'decide-agreement') ? paperForm(day) : null}`
}

function askForm(day: string): Html {
  return html`<section><h2>Ask for an extract</h2><form method="post" action="/office/agreements/ask">
<p><label>Office <input name="who" required maxlength="200"></label></p>
<p><label>Purpose <select name="purpose">${purposes.map(({ code, label }) => html`<option value="${code}">${label}</option>`)}</select></label></p>
<p><label>What exactly, in a sentence <textarea name="words" required minlength="20" maxlength="500" rows="3"></textarea></label></p>
<p><label>Indicators (their codes; empty: all that is released) <input name="indicators" maxlength="400"></label></p>
<p><label><input type="checkbox" name="records" value="yes"> Records without names as well, where the area is large enough for them</label></p>
<p><label>From <input name="from" type="date" required value="${day}"></label> <label>Until <input name="until" type="date" required min="${day}"></label></p>
<fieldset><legend>The seven conditions</legend>${conditions.map(({ code, label, ask }) => html`<p><label>${label}. ${ask} <input name="answer-${code}" required minlength="3" maxlength="300"></label></p>`)}</fieldset>
<p><button>Ask</button></p></form></section>`
}

function card(actor: Actor, agreement: Agreement, day: string): Html {
  const { id, who, purpose, words, indicators, records, from, until, state, why, answers, askedBy } = agreement
  const decides = may(actor, 'decide-agreement')
  return html`<article class="agreement"><h3>${who} <small>${stateWord(agreement, day)}</small></h3>
<p>${purposes.find(({ code }) => code === purpose)?.label ?? purpose}: ${words}</p>
<p>${indicators.length === 0 ? 'All released indicators' : indicators.join(', ')}${records ? ', and records without names' : ''}; ${from} to ${until}. <small>${id}</small></p>
${why === '' ? null : html`<p>Why: ${why}</p>`}
${decides ? html`<details><summary>The seven conditions</summary><dl>${conditions.map(({ code, label }) => html`<dt>${label}</dt><dd>${answers[code] ?? ''}</dd>`)}</dl></details>` : null}
${
  decides && state === 'requested' && askedBy !== actor.login
    ? html`<form method="post" action="/office/agreements/decide"><input type="hidden" name="id" value="${id}"><p><label>Reason, when refused <input name="why" maxlength="400"></label> <button name="decision" value="approve">Approve</button> <button name="decision" value="refuse">Refuse</button></p></form>`
    : null
}
${
  decides && state === 'approved'
    ? html`<form method="post" action="/office/agreements/revoke"><input type="hidden" name="id" value="${id}"><p><label>Reason <input name="why" required maxlength="400"></label> <button>Take back</button></p></form>`
    : null
}
${
  state === 'approved' && askedBy === actor.login && may(actor, 'request-extract')
    ? html`<form method="post" action="/office/agreements/key"><input type="hidden" name="id" value="${id}"><p><button>${agreement.secretSha256 === null ? 'Take the key' : 'Replace the key'}</button></p></form>`
    : null
}</article>`
}

function stateWord(agreement: Agreement, day: string): string {
  if (agreement.state === 'requested') return 'waits for a decision'
  if (agreement.state === 'approved') return isInForce(agreement, day) ? 'in force' : 'not in force today'
  return agreement.state === 'refused' ? 'refused' : 'taken back'
}

function paperForm(day: string): Html {
  return html`<section><h2>Agreed on paper</h2><p>For an office without an account here: the key is shown to you, once.</p>
<form method="post" action="/office/agreements/paper"><p><label>Office <input name="who" required maxlength="200"></label> <label>Purpose <input name="purpose" required maxlength="400"></label> <label>Until <input name="until" type="date" required min="${day}"></label> <button>Make an agreement</button></p></form></section>`
}
