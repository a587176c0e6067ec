import { type Response, Router } from 'express'
import { renderSVG } from 'uqr'
import type { Area } from '../../../schemas/generated/records.ts'
import type { People } from '../../accounts/people.ts'
import type { Person } from '../../accounts/person.ts'
import { type Role, roles } from '../../accounts/role.ts'
import type { Sessions } from '../../accounts/sessions.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import { ProblemError } from '../../problem.ts'
import { type Html, html, raw } from '../html.ts'
import { field, fields } from './office-form.ts'
import { officeFrame } from './office-page.ts'
import { actorOfResponse, auditName } from './signed-in.ts'

interface PeopleDependencies {
  readonly people: People
  readonly sessions: Sessions
  readonly audit: AuditChain
  readonly publicUrl: string
  round: () => Promise<{ readonly areas: readonly Area[] }>
}

/** Accounts: invite, invite anew (lost phone, forgotten passphrase), suspend. Changing rights is inviting anew. */
export function peopleRoutes({ people, sessions, audit, publicUrl, round }: PeopleDependencies): Router {
  const router = Router()
  const show = async (response: Response, said: Html | null = null) => {
    const view = { list: await people.list(), areas: (await round()).areas, said }
    response.send(officeFrame('People of the office', actorOfResponse(response), peoplePage(view)).text)
  }
  router.get('/', (_request, response) => show(response))
  router.post('/invite', async (request, response) => {
    const login = field(request, 'login').toLowerCase()
    const chosen = roles.filter((role) => fields(request, 'role').includes(role))
    if (chosen.length === 0) throw new ProblemError('invalid-request', 'Choose at least one role.')
    if (chosen.includes('custodian') && chosen.includes('statistician'))
      throw new ProblemError('invalid-request', 'Who plans a release does not approve it: give statistician and custodian to two people.')
    const areas = fields(request, 'area')
    const known = new Set((await round()).areas.map(({ code }) => code))
    if (areas.some((area) => !known.has(area))) throw new ProblemError('area-unknown', 'Choose areas of the register of the round.')
    const code = await people.invite({ login, roles: chosen, areas })
    sessions.endAll(login)
    await audit.append({
      actor: auditName(actorOfResponse(response)),
      action: 'invite',
      subject: auditName({ login }),
      facts: { roles: chosen.join(' '), areas: areas.length },
    })
    const link = `${publicUrl}/office/join#${code}`
    await show(
      response,
      html`<p>Give this link to ${login}, by a way only they can read. It works once, within 24 hours:</p><div class="qr" role="img" aria-label="QR code of the link below">${raw(renderSVG(link))}</div><p><code>${link}</code></p>`,
    )
  })
  router.post('/suspend', async (request, response) => {
    const login = field(request, 'login')
    if (login === actorOfResponse(response).login)
      throw new ProblemError('invalid-request', 'Nobody locks themselves out; ask another administrator.')
    await people.change(login, (person) => ({ ...person, state: 'suspended' }))
    sessions.endAll(login)
    await audit.append({ actor: auditName(actorOfResponse(response)), action: 'suspend', subject: auditName({ login }) })
    await show(response, html`<p>${login} is out, at once. Inviting anew lets them back in.</p>`)
  })
  return router
}

interface PeopleView {
  readonly list: readonly Person[]
  readonly areas: readonly Area[]
  readonly said: Html | null
}

const duty: Readonly<Record<Role, string>> = {
  enumerator: 'interviews on a phone; sees nothing here',
  supervisor: 'sees phones and what arrived, decides on records that wait',
  statistician: 'working tables, queries, plans and makes releases',
  custodian: 'data protection: approves releases and agreements, reads the audit chain',
  reader: 'asks for extracts for a ministry or other office',
  administrator: 'accounts and phones',
}

function peoplePage({ list, areas, said }: PeopleView): Html {
  return html`${said ? html`<section class="said" role="status">${said}</section>` : null}
<section><h2>Invite</h2><form method="post" action="/office/people/invite">
<p><label>Account name <input name="login" required pattern="[A-Za-z][A-Za-z0-9._\-]{1,31}" maxlength="32" autocomplete="off" autocapitalize="none"></label> <small>A name for signing in, not the person's full name.</small></p>
<fieldset><legend>Roles</legend>${roles.map((role) => html`<p><label><input type="checkbox" name="role" value="${role}"> ${role}</label> <small>${duty[role]}</small></p>`)}</fieldset>
<p><label>Limited to these areas (none chosen: everywhere) <select name="area" multiple size="5">${areas.map(({ code, name, level }) => html`<option value="${code}">${name} (${level})</option>`)}</select></label></p>
<p><button>Make the link</button></p></form></section>
<section><h2>Accounts</h2>${
    list.length === 0
      ? html`<p>Nobody yet. Until then the code from the terminal opens the office.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Accounts"><table><caption>Who may do what</caption><thead><tr><th scope="col">Account</th><th scope="col">Roles</th><th scope="col">Areas</th><th scope="col">State</th><th scope="col">Change</th></tr></thead><tbody>${list.map(
          (each) =>
            html`<tr><th scope="row">${each.login}</th><td>${each.roles.join(', ')}</td><td>${each.areas.length === 0 ? 'everywhere' : each.areas.join(', ')}</td><td>${each.state}</td><td>${each.state === 'suspended' ? null : html`<form method="post" action="/office/people/suspend"><input type="hidden" name="login" value="${each.login}"><button>Suspend</button></form>`}</td></tr>`,
        )}</tbody></table></div>`
  }</section>`
}
