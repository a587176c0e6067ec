import type { Area } from '../../../schemas/generated/records.ts'
import { type Actor, may } from '../../accounts/role.ts'
import { type Html, html } from '../html.ts'

export interface OfficeView {
  readonly actor: Actor
  readonly round: { readonly title: string; readonly areas: readonly Area[] }
  readonly records: readonly { readonly status: string; readonly records: number }[]
  readonly devices: readonly { readonly id: string; readonly role: string; readonly state: string; readonly lastSeen: string }[]
  /** Requests for extracts that nobody has decided yet. */
  readonly waiting: number
  readonly releases: readonly { readonly id: string; readonly published: string; readonly isPublic: boolean }[]
  /** What the last button did, shown once. */
  readonly said: Html | null
}

/** What this person may see and do, section by section. Counts of records only: no answers, no names. */
export function officePage(view: OfficeView): Html {
  const { actor, round, releases, said } = view
  const signs = may(actor, 'approve-release') || may(actor, 'make-release')
  return officeFrame(
    round.title,
    actor,
    html`${said ? html`<section class="said" role="status">${said}</section>` : null}
${may(actor, 'see-fieldwork') ? recordsSection(view) : null}
${may(actor, 'review-records') ? html`<section><h2>Field work</h2><p><a href="/office/fieldwork">Records that wait for a decision, phones with trouble</a>.</p></section>` : null}
${may(actor, 'see-fieldwork') ? phonesSection(view) : null}
<section><h2>Releases</h2>
${may(actor, 'make-release') ? html`<form method="post" action="/office/release"><p>Protects everything the plan names and freezes it. A release is never changed, and nobody outside sees it before two people have signed its risk report. <button>Make a release</button></p></form>` : null}
${releases.length === 0 ? html`<p>Nothing has been released yet.</p>` : html`<ul>${releases.map(({ id, published, isPublic }) => html`<li>${signs ? html`<a href="/office/releases/${id}">${id}</a>` : id}, ${published.slice(0, 10)}${isPublic ? null : html`, <strong>draft</strong>`}</li>`)}</ul>`}</section>
${
  may(actor, 'see-working-tables') || may(actor, 'plan-release')
    ? html`<section><h2>Desk</h2><p><a href="/office/desk${may(actor, 'see-working-tables') ? '' : '/plan'}">Working tables, coverage, definitions, the release plan and SQL</a>, for statisticians.</p></section>`
    : null
}
<section><h2>Surveys</h2><p><a href="/office/check">Check a survey</a>: drop a spreadsheet, see the form and each problem at its row.</p></section>
${
  may(actor, 'decide-agreement') || may(actor, 'request-extract')
    ? html`<section><h2>Agreements</h2><p><a href="/office/agreements">Who may pull extracts, and why</a>${view.waiting > 0 ? html`: <strong>${view.waiting} waiting for a decision</strong>` : null}.</p></section>`
    : null
}
${may(actor, 'see-audit') ? html`<section><h2>Audit chain</h2><p><a href="/office/audit">Who opened, approved, pulled and erased what</a>. <a href="/withdrawal">The proof of one withdrawal</a>, by the code on the slip.</p></section>` : null}
${may(actor, 'manage-people') ? html`<section><h2>People</h2><p><a href="/office/people">Accounts of the office</a>: who may do what.</p></section>` : null}`,
  )
}

/** Frame of every page of somebody who is signed in. */
export function officeFrame(title: string, actor: Actor, main: Html): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Tala office</title>
<link rel="stylesheet" href="/portal.css"><link rel="stylesheet" href="/office.css"></head><body>
<a class="skip" href="#main">To the content</a>
<header><div class="bar"><p class="name"><a href="/office">Tala</a> <span>office</span></p><form method="post" action="/office/sign-out"><p>${actor.login} <small>(${actor.roles.join(', ')})</small> <button>Sign out</button></p></form></div></header>
<main id="main"><h1>${title}</h1>${main}</main></body></html>`
}

function recordsSection({ records }: OfficeView): Html {
  if (records.length === 0) return html`<section><h2>Records</h2><p>None has arrived yet.</p></section>`
  return html`<section><h2>Records</h2><table><caption>Sealed records by what became of them</caption><thead><tr><th scope="col">State</th><th scope="col">Records</th></tr></thead><tbody>${records.map((each) => html`<tr><th scope="row">${each.status}</th><td>${each.records}</td></tr>`)}</tbody></table></section>`
}

function phonesSection({ actor, round, devices }: OfficeView): Html {
  const manages = may(actor, 'manage-phones')
  const state = (each: OfficeView['devices'][number]) =>
    manages && each.state === 'active'
      ? html`<form method="post" action="/office/revoke"><input type="hidden" name="device" value="${each.id}"><button>Lock out</button></form>`
      : each.state
  return html`<section><h2>Phones</h2>
${
  manages
    ? html`<form method="post" action="/office/invite"><p><label>Area <select name="area">${round.areas.map(({ code, name, level }) => html`<option value="${code}">${name} (${level})</option>`)}</select></label>
<label>Role <select name="role"><option>enumerator</option><option>supervisor</option></select></label>
<label><input type="checkbox" name="certified" value="yes"> trained in safe interviewing</label> <button>Invite a phone</button></p></form>`
    : null
}
${
  devices.length === 0
    ? html`<p>No phone has joined yet.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Phones"><table><caption>No person's name stands here: the supervisor knows who carries which phone.</caption><thead><tr><th scope="col">Phone</th><th scope="col">Role</th><th scope="col">Last seen</th><th scope="col">State</th></tr></thead><tbody>${devices.map(
        (each) =>
          html`<tr><th scope="row">${each.id}</th><td>${each.role}</td><td>${each.lastSeen.slice(0, 16).replace('T', ' ')}</td><td>${state(each)}</td></tr>`,
      )}</tbody></table></div>`
}</section>`
}
