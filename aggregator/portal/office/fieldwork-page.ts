import type { Failure } from '../../fieldwork/failures.ts'
import type { ReconciliationReport } from '../../fieldwork/reconciliations.ts'
import type { ReviewItem } from '../../ingest/review.ts'
import { type Html, html } from '../html.ts'

export interface FieldworkView {
  readonly queue: readonly ReviewItem[]
  /** Names by code. */
  readonly areas: ReadonlyMap<string, string>
  /** What questions and checks say, by name. */
  readonly questions: ReadonlyMap<string, string>
  readonly failing: readonly { readonly id: string; readonly failures: readonly Failure[] }[]
  readonly silent: readonly { readonly id: string; readonly lastSeen: string }[]
  readonly silentDays: number
  /** Of last night; null before the first. */
  readonly reconciled: ReconciliationReport | null
  readonly said: Html | null
}

export function fieldworkPage({ queue, areas, questions, failing, silent, silentDays, reconciled, said }: FieldworkView): Html {
  return html`${said ? html`<section class="said" role="status">${said}</section>` : null}
<p><a href="/office/fieldwork/quality">Coverage, phones beside each other, people and homes that may be counted twice</a></p>
<section><h2>Waiting for a decision</h2>${queue.length === 0 ? html`<p>Nothing waits.</p>` : queue.map((each) => card(each, areas, questions))}</section>
<section><h2>Phones with trouble</h2>${
    failing.length === 0
      ? html`<p>None.</p>`
      : failing.map(
          ({ id, failures }) =>
            html`<details><summary>${id}: ${failures.length}</summary><ul>${failures.map(({ when, kind, reason }) => html`<li>${when.slice(0, 16).replace('T', ' ')} ${kind}: ${reason}</li>`)}</ul></details>`,
        )
  }</section>
<section><h2>Not seen for ${silentDays} days</h2>${silent.length === 0 ? html`<p>All phones were seen.</p>` : html`<ul>${silent.map(({ id, lastSeen }) => html`<li>${id}, last on ${lastSeen.slice(0, 10)}</li>`)}</ul>`}</section>
<section><h2>Inbox and warehouse</h2>${comparison(reconciled)}</section>`
}

function comparison(report: ReconciliationReport | null): Html {
  if (!report) return html`<p>They are compared every night; the first night has not passed yet.</p>`
  const when = report.when.slice(0, 16).replace('T', ' ')
  if (report.incidents.length === 0) return html`<p>Compared ${when} UTC: the same ${report.records} records.</p>`
  return html`<p>Compared ${when} UTC: not the same. Tell the administrator.</p><ul>${report.incidents.map(
    ({ device, day, inbox, warehouse }) => html`<li>${device}, ${day}: ${inbox} in the inbox, ${warehouse} in the warehouse</li>`,
  )}</ul>`
}

/** What is wrong in words of checks and question names; answers are never shown. */
function card(
  { record, status, area, device, finished, flags }: ReviewItem,
  areas: FieldworkView['areas'],
  questions: FieldworkView['questions'],
): Html {
  return html`<article class="agreement"><h3>${areas.get(area ?? '') ?? area ?? 'Area unknown'}${finished === null ? null : `, ${finished}`} <small>${status}</small></h3>
<p>Phone ${device} <small>${record}</small></p>
<ul>${flags.map(({ code, severity, name }) => html`<li>${reason(code, name, questions)} <small>${name ?? code}, ${severity}</small></li>`)}</ul>
<form method="post" action="/office/fieldwork/decide"><input type="hidden" name="record" value="${record}"><p><label>To the enumerator, about the work <input name="comment" maxlength="300"></label> <button name="decided" value="accept">Accept</button> <button name="decided" value="hold">Hold</button> <button name="decided" value="return">Return</button></p></form></article>`
}

/** A check of the questionnaire in its own words; a rule of the server with the question it is about. */
function reason(code: string, name: string | null, questions: FieldworkView['questions']): string {
  const words = questions.get(name ?? code)
  if (name === code || name === null) return words ?? code.replaceAll('-', ' ')
  return words === undefined ? code.replaceAll('-', ' ') : `${code.replaceAll('-', ' ')}: ${words}`
}
