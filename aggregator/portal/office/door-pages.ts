import type { ErrorRequestHandler } from 'express'
import { ProblemError } from '../../problem.ts'
import { type Html, html, raw } from '../html.ts'

/** Frame of the pages before somebody is signed in. */
function doorPage(title: string, main: Html, head: Html | null = null): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Tala office</title>
${head}<link rel="stylesheet" href="/portal.css"><link rel="stylesheet" href="/office.css"><script src="/office.js" defer></script></head><body>
<header><div class="bar"><p class="name"><a href="/">Tala</a> <span>office</span></p></div></header>
<main><h1>${title}</h1>${main}</main></body></html>`.text
}

const alert = (sentence: string | undefined) => (sentence === undefined ? null : html`<p role="alert">${sentence}</p>`)

/** @param provider host of the OpenID provider, null when there is none. */
export function signInPage(provider: string | null, sentence?: string): string {
  return doorPage(
    'Sign in',
    html`${alert(sentence)}
<form class="door" method="post" action="/office/sign-in">
<p><label>Account name <input name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="32"></label></p>
<p><label>Passphrase <input name="passphrase" type="password" autocomplete="current-password" required maxlength="256"></label></p>
<p><label>Code from your app <input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="20"></label> <small>Six digits, or one of your recovery codes.</small></p>
<p><button>Sign in</button></p></form>
${provider === null ? null : html`<p><a href="/office/provider">Sign in with ${provider}</a></p>`}
<details><summary>No account yet</summary>
<p>The administrator gives you a link that works once. Whoever runs the server enters with the code that its terminal shows at each start (or <code>npx tala office</code>).</p>
<form class="door" method="post" action="/office/enter" data-code><p><label>Code from the terminal <input name="code" autocomplete="off" required maxlength="64"></label> <button>Enter</button></p></form></details>`,
  )
}

/** The link carries its code behind the #, which the script fills in. */
export function joinPage(sentence?: string): string {
  return doorPage(
    'Join the office',
    html`${alert(sentence)}<form class="door" method="post" action="/office/join" data-code><p><label>Code of your link <input name="code" autocomplete="off" required maxlength="64"></label> <button>Go on</button></p></form>`,
  )
}

export interface JoiningView {
  readonly code: string
  readonly login: string
  readonly totpSecret: string
  readonly qr: string
  readonly provider: string | null
}

export function joiningPage({ code, login, totpSecret, qr, provider }: JoiningView, sentence?: string): string {
  return doorPage(
    'Join the office',
    html`${alert(sentence)}<p>Your account is <strong>${login}</strong>.</p>
${
  provider === null
    ? null
    : html`<form class="door" method="post" action="/office/provider"><input type="hidden" name="code" value="${code}"><p><button>Use my account at ${provider}</button> <small>Or choose a passphrase here:</small></p></form>`
}
<ol><li>Scan this with an authenticator app (any that makes six-digit codes).<div class="qr" role="img" aria-label="QR code for the authenticator app; its key stands below in letters">${raw(qr)}</div><p>Or type the key: <code>${totpSecret.replace(/(.{4})/g, '$1 ').trim()}</code></p></li>
<li><form class="door" method="post" action="/office/join/finish"><input type="hidden" name="code" value="${code}"><input type="hidden" name="username" autocomplete="username" value="${login}">
<p><label>Choose a passphrase <input name="passphrase" type="password" autocomplete="new-password" required minlength="12" maxlength="256"></label> <small>At least 12 characters; four or five words do.</small></p>
<p><label>The six digits the app shows now <input name="totp" inputmode="numeric" autocomplete="one-time-code" required maxlength="8"></label></p>
<p><button>Finish</button></p></form></li></ol>`,
  )
}

export function joinedPage(login: string, recovery: readonly string[]): string {
  return doorPage(
    'You have joined',
    html`<p>The account <strong>${login}</strong> is ready. Keep these recovery codes on paper, away from your phone: each lets you in once when the app is lost. They are shown only now.</p>
<ul>${recovery.map((each) => html`<li><code>${each}</code></li>`)}</ul>
<p><a href="/office/sign-in">Sign in</a></p>`,
  )
}

/** Goes on to another address without a redirect. */
export function onward(address: string): string {
  return doorPage('One moment', html`<p><a href="${address}">Go on</a></p>`, html`<meta http-equiv="refresh" content="0;url=${address}">`)
}

/** A person gets a page where a program gets problem+json; what is our fault goes on to the general handler, which logs it. */
export const problemPage: ErrorRequestHandler = (error, request, response, next) => {
  if (!(error instanceof ProblemError) || response.headersSent || request.accepts(['json', 'html']) !== 'html') return next(error)
  response
    .status(error.status)
    .send(doorPage(error.title, html`<p role="alert">${error.detail}</p><p><a href="/office">Back to the office</a></p>`))
}
