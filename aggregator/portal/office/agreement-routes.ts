import { type Response, Router } from 'express'
import { may } from '../../accounts/role.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import { type AgreementBook } from '../agreements/agreement-book.ts'
import { conditions } from '../agreements/agreement.ts'
import { type Html, html } from '../html.ts'
import { agreementsPage } from './agreement-pages.ts'
import { field, fields } from './office-form.ts'
import { officeFrame } from './office-page.ts'
import { actorOfResponse, allow, auditName } from './signed-in.ts'

interface AgreementDependencies {
  readonly agreements: AgreementBook
  readonly audit: AuditChain
  readonly now: () => Date
}

/** Request → approve → key: a reader asks, the custodian decides, the reader takes the key; anything later stands in the audit chain. */
export function agreementRoutes({ agreements, audit, now }: AgreementDependencies): Router {
  const router = Router()
  const show = async (response: Response, said: Html | null = null) => {
    const actor = actorOfResponse(response)
    const all = await agreements.list()
    const seen = may(actor, 'decide-agreement') ? all : all.filter(({ askedBy }) => askedBy === actor.login)
    response.send(officeFrame('Agreements', actor, agreementsPage({ actor, agreements: seen, today: now(), said })).text)
  }
  const record = (response: Response, action: string, id: string) =>
    audit.append({ actor: auditName(actorOfResponse(response)), action, subject: `agreement:${id}` })

  router.get('/', (_request, response) => show(response))
  router.post('/ask', allow('request-extract'), async (request, response) => {
    const optional = (name: string) => fields(request, name)[0] ?? ''
    const asked = await agreements.ask(
      {
        who: field(request, 'who'),
        purpose: field(request, 'purpose'),
        words: field(request, 'words'),
        indicators: optional('indicators')
          .toUpperCase()
          .split(/[\s,;]+/)
          .filter((each) => each !== ''),
        records: optional('records') === 'yes',
        from: field(request, 'from'),
        until: field(request, 'until'),
        answers: Object.fromEntries(conditions.map(({ code }) => [code, optional(`answer-${code}`)])),
      },
      actorOfResponse(response).login,
    )
    await record(response, 'ask', asked.id)
    await show(response, html`<p>The request waits for the data-protection officer. You see here what becomes of it.</p>`)
  })
  router.post('/decide', allow('decide-agreement'), async (request, response) => {
    const approve = field(request, 'decision') === 'approve'
    const { id } = await agreements.decide(field(request, 'id'), {
      approve,
      by: actorOfResponse(response).login,
      why: fields(request, 'why')[0] ?? '',
    })
    await record(response, approve ? 'agree' : 'refuse', id)
    await show(
      response,
      html`<p>${approve ? 'Approved. The office takes its key from its own page.' : 'Refused. The office reads why; the number of refused requests is public.'}</p>`,
    )
  })
  router.post('/key', allow('request-extract'), async (request, response) => {
    const id = field(request, 'id')
    const key = await agreements.takeKey(id, actorOfResponse(response).login)
    await record(response, 'take-key', id)
    await show(response, html`<p>Your key, shown only now; an earlier one opens nothing any more:</p><p><code>${key}</code></p>`)
  })
  router.post('/revoke', allow('decide-agreement'), async (request, response) => {
    const id = field(request, 'id')
    await agreements.revoke(id, field(request, 'why'), actorOfResponse(response).login)
    await record(response, 'revoke', id)
    await show(response, html`<p>Taken back: the key opens nothing from now on.</p>`)
  })
  router.post('/paper', allow('decide-agreement'), async (request, response) => {
    const terms = { who: field(request, 'who'), purpose: field(request, 'purpose'), until: field(request, 'until') }
    const { agreement, key } = await agreements.create(terms, actorOfResponse(response).login)
    await record(response, 'agree', agreement.id)
    await show(response, html`<p>${agreement.promise}</p><p>Key for ${agreement.who}, shown only now:</p><p><code>${key}</code></p>`)
  })
  return router
}
