import { Router } from 'express'
import { renderSVG } from 'uqr'
import { may } from '../../accounts/role.ts'
import { type Device, listDevices, revokeDevice, type Role } from '../../fieldwork/devices.ts'
import { enrolmentLink } from '../../fieldwork/enrolment-link.ts'
import { invite } from '../../fieldwork/invitations.ts'
import type { AuditEntry } from '../../custody/audit-chain.ts'
import type { AgreementBook } from '../agreements/agreement-book.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { type DeskDependencies, deskRoutes } from '../desk/desk-routes.ts'
import { type Html, html, raw } from '../html.ts'
import type { ReleaseSource } from '../published.ts'
import { agreementRoutes } from './agreement-routes.ts'
import { auditPage } from './audit-page.ts'
import { checkRoutes } from './check-routes.ts'
import { problemPage } from './door-pages.ts'
import { type DoorDependencies, doorRoutes } from './door-routes.ts'
import { fieldworkRoutes } from './fieldwork-routes.ts'
import { field, fields, officeForm, sameOrigin } from './office-form.ts'
import { officeFrame, officePage } from './office-page.ts'
import { peopleRoutes } from './people-routes.ts'
import { type RiskReports, releaseRoutes } from './release-routes.ts'
import { actorOfResponse, allow, auditName, signedIn } from './signed-in.ts'

export interface OfficeDependencies extends DoorDependencies, DeskDependencies {
  readonly agreements: AgreementBook
  readonly releases: ReleaseSource
  readonly risk: RiskReports
  readonly warehouse: Warehouse
  recordCounts(): Promise<readonly { readonly status: string; readonly records: number }[]>
  auditEntries(): Promise<readonly AuditEntry[]>
  /** Tabulates, protects and freezes; returns a sentence about what was made. */
  makeRelease(): Promise<string>
}

/** What people of the office do, each behind the act it needs. Every act is in the audit chain. */
export function officeRoutes(dependencies: OfficeDependencies): Router {
  const { office, audit, agreements, risk, people, sessions, publicUrl, now } = dependencies
  const router = Router()
  const show = async (
    response: { locals: Record<string, unknown>; send(text: string): unknown },
    said: Html | null = null,
  ): Promise<void> => {
    const actor = response.locals['actor'] as Parameters<typeof officePage>[0]['actor']
    const view = {
      actor,
      round: await dependencies.round(),
      records: may(actor, 'see-fieldwork') ? await dependencies.recordCounts() : [],
      devices: may(actor, 'see-fieldwork')
        ? (await listDevices(office)).map(({ id, role, state, lastSeen }: Device) => ({ id, role, state, lastSeen }))
        : [],
      waiting: may(actor, 'decide-agreement') ? (await agreements.list()).filter(({ state }) => state === 'requested').length : 0,
      releases: await risk.made(),
      said,
    }
    response.send(officePage(view).text)
  }

  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.use(doorRoutes(dependencies))
  router.use(signedIn(sessions, people))
  router.get('/', (_request, response) => show(response))
  router.use(sameOrigin)
  router.use('/check', checkRoutes())
  router.use(officeForm)
  router.use('/desk', deskRoutes(dependencies))
  router.use('/agreements', agreementRoutes(dependencies))
  router.use('/fieldwork', fieldworkRoutes(dependencies))
  router.use('/releases', releaseRoutes(dependencies))
  router.use('/people', allow('manage-people'), peopleRoutes(dependencies))
  router.post('/invite', allow('manage-phones'), async (request, response) => {
    const role: Role = field(request, 'role') === 'supervisor' ? 'supervisor' : 'enumerator'
    const wanted = { areas: [field(request, 'area')], role, certified: fields(request, 'certified').includes('yes') }
    const { code, areas } = await invite(office, wanted, now())
    await audit.append({ actor: auditName(actorOfResponse(response)), action: 'invite', subject: role, facts: { areas: areas.length } })
    const link = enrolmentLink(publicUrl, code)
    await show(
      response,
      html`<p>Open this on the phone, once, within 24 hours:</p><div class="qr" role="img" aria-label="QR code of the link below">${raw(renderSVG(link))}</div><p><a href="${link}">${link}</a></p>`,
    )
  })
  router.post('/revoke', allow('manage-phones'), async (request, response) => {
    const { id } = await revokeDevice(office, field(request, 'device'), 'locked out from the office', now())
    await audit.append({ actor: auditName(actorOfResponse(response)), action: 'revoke', subject: `device:${id}` })
    await show(response, html`<p>The phone ${id} is locked out within 30 seconds. What it sent before stays.</p>`)
  })
  router.post('/release', allow('make-release'), async (_request, response) => {
    const sentence = await dependencies.makeRelease()
    await audit.append({ actor: auditName(actorOfResponse(response)), action: 'release', subject: 'office' })
    await show(response, html`<p>${sentence}</p>`)
  })
  router.get('/audit', allow('see-audit'), async (request, response) => {
    const action = typeof request.query['action'] === 'string' && request.query['action'] !== '' ? request.query['action'] : undefined
    response.send(officeFrame('Audit chain', actorOfResponse(response), auditPage(await dependencies.auditEntries(), action)).text)
  })
  router.use(problemPage)
  return router
}
