import express, { type Request, type RequestHandler, Router } from 'express'
import { renderSVG } from 'uqr'
import type { Area } from '../../../schemas/generated/records.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import { type Device, listDevices, revokeDevice, type Role } from '../../fieldwork/devices.ts'
import { enrolmentLink } from '../../fieldwork/enrolment-link.ts'
import { invite } from '../../fieldwork/invitations.ts'
import type { DocumentStore } from '../../inbox/document-store.ts'
import { ProblemError } from '../../problem.ts'
import type { AgreementBook } from '../agreements.ts'
import { type Html, html, raw } from '../html.ts'
import type { ReleaseSource } from '../published.ts'
import type { Entrance } from './entrance.ts'
import { checkRoutes } from './check-routes.ts'
import { entrancePage, officePage } from './office-page.ts'

export interface OfficeDependencies {
  readonly entrance: Entrance
  readonly office: DocumentStore
  readonly audit: AuditChain
  readonly agreements: AgreementBook
  readonly releases: ReleaseSource
  readonly publicUrl: string
  readonly now: () => Date
  round(): Promise<{ readonly title: string; readonly areas: readonly Area[] }>
  recordCounts(): Promise<readonly { readonly status: string; readonly records: number }[]>
  /** Tabulates, protects and freezes; returns a sentence about what was made. */
  makeRelease(): Promise<string>
}

const cookieName = 'tala-office'

/** The administrator's page: /office. Every act is in the audit chain. */
export function officeRoutes(dependencies: OfficeDependencies): Router {
  const { entrance, office, audit, agreements, releases, publicUrl, now } = dependencies
  const router = Router()
  const form = express.urlencoded({ extended: false, limit: '8kb' })
  const show = async (said: Html | null = null): Promise<string> =>
    officePage({
      round: await dependencies.round(),
      records: await dependencies.recordCounts(),
      devices: (await listDevices(office)).map(({ id, role, state, lastSeen }: Device) => ({ id, role, state, lastSeen })),
      agreements: await agreements.list(),
      releases: await releases.list(),
      said,
    }).text

  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.get('/enter', (_request, response) => void response.send(entrancePage(false).text))
  router.post('/enter', form, sameOrigin, async (request, response) => {
    const session = entrance.enter(field(request, 'code'))
    if (session === undefined) {
      response.status(403).send(entrancePage(true).text)
      return
    }
    await audit.append({ actor: 'administrator', action: 'enter', subject: 'office' })
    response.cookie(cookieName, session, { httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:'), path: '/office' })
    response.redirect(303, '/office')
  })
  router.use((request, response, next) => {
    if (entrance.isInside(sessionOf(request))) return next()
    response.redirect(303, '/office/enter')
  })
  router.get('/', async (_request, response) => void response.send(await show()))
  router.use(sameOrigin)
  router.use('/check', checkRoutes())
  router.use(form)
  router.post('/invite', async (request, response) => {
    const role: Role = field(request, 'role') === 'supervisor' ? 'supervisor' : 'enumerator'
    const { code, areas } = await invite(
      office,
      { areas: [field(request, 'area')], role, certified: field(request, 'certified') === 'yes' },
      now(),
    )
    await audit.append({ actor: 'administrator', action: 'invite', subject: role, facts: { areas: areas.length } })
    const link = enrolmentLink(publicUrl, code)
    response.send(
      await show(
        html`<p>Open this on the phone, once, within 24 hours:</p><div class="qr" role="img" aria-label="QR code of the link below">${raw(renderSVG(link))}</div><p><a href="${link}">${link}</a></p>`,
      ),
    )
  })
  router.post('/revoke', async (request, response) => {
    const { id } = await revokeDevice(office, field(request, 'device'), 'locked out from the office', now())
    await audit.append({ actor: 'administrator', action: 'revoke', subject: `device:${id}` })
    response.send(await show(html`<p>The phone ${id} is locked out within 30 seconds. What it sent before stays.</p>`))
  })
  router.post('/release', async (_request, response) => {
    const sentence = await dependencies.makeRelease()
    response.send(await show(html`<p>${sentence}</p>`))
  })
  router.post('/agreement', async (request, response) => {
    const { agreement, key } = await agreements.create({
      who: field(request, 'who'),
      purpose: field(request, 'purpose'),
      until: field(request, 'until'),
    })
    await audit.append({ actor: 'administrator', action: 'agree', subject: `agreement:${agreement.id}` })
    response.send(await show(html`<p>${agreement.promise}</p><p>Key for ${agreement.who}, shown only now:</p><p><code>${key}</code></p>`))
  })
  return router
}

function field(request: Request, name: string): string {
  const value = (request.body as Record<string, unknown> | undefined)?.[name]
  if (typeof value !== 'string' || value.trim() === '' || value.length > 500) throw new ProblemError('invalid-request', `Fill in ${name}.`)
  return value.trim()
}

function sessionOf(request: Request): string | undefined {
  const cookies = request.get('cookie') ?? ''
  return new RegExp(`(?:^|;\\s*)${cookieName}=([A-Za-z0-9_-]+)`).exec(cookies)?.[1]
}

/** A form of another site cannot press our buttons: browsers say where a post comes from. */
const sameOrigin: RequestHandler = (request, _response, next) => {
  const origin = request.get('origin')
  const from = request.get('sec-fetch-site')
  const foreign =
    (from !== undefined && from !== 'same-origin' && from !== 'none') ||
    (from === undefined && origin !== undefined && new URL(origin).host !== request.get('host'))
  if (request.method === 'POST' && foreign) throw new ProblemError('forbidden', 'This form was sent from another site.')
  next()
}
