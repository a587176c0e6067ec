import type { Actor } from '../../accounts/role.ts'
import { type Html, html } from '../html.ts'
import { officeFrame } from '../office/office-page.ts'

const pages = [
  ['', 'Round'],
  ['table', 'Tables'],
  ['definitions', 'Definitions'],
  ['plan', 'Release plan'],
  ['query', 'SQL'],
  ['notebook', 'Notebook'],
] as const

/** Frame of every page of the desk: says on each what its figures are not. */
export function deskFrame(title: string, actor: Actor, main: Html): string {
  return officeFrame(
    title,
    actor,
    html`<nav aria-label="Desk">${pages.map(([path, name]) => html`<a href="/office/desk${path === '' ? '' : `/${path}`}">${name}</a> `)}</nav>
<p class="not-for-release"><strong>Not for release.</strong> Figures here are not protected: they stay in this office, on this screen.</p>
${main}`,
  ).text
}

/** Puts the page into the notebook under a title. */
export function saveForm(path: string, title: string): Html {
  return html`<form method="post" action="/office/desk/notebook/save"><input type="hidden" name="path" value="${path}"><p><label>Keep it in the notebook as <input name="title" required maxlength="120" value="${title}"></label> <button>Keep</button></p></form>`
}
