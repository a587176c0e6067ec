import { type Response, Router } from 'express'
import { may } from '../../accounts/role.ts'
import { isApproved, type RiskReport } from '../../disclosure/report/risk-report.ts'
import { ProblemError } from '../../problem.ts'
import { type Html, html } from '../html.ts'
import { field } from './office-form.ts'
import { officeFrame } from './office-page.ts'
import { actorOfResponse, auditName } from './signed-in.ts'

/** The risk report that lies with a release. */
export interface RiskReports {
  /** Every release that was made, drafts too, newest first. */
  made(): Promise<readonly { readonly id: string; readonly published: string; readonly isPublic: boolean }[]>
  /** Undefined when none has been written yet. */
  read(id: string): Promise<RiskReport | undefined>
  /** The report as its own page. */
  page(id: string): Promise<string | undefined>
  /** Writes the signature into the audit chain too, under the actor's name there. @throws ProblemError `invalid-request` when it may not be signed. */
  sign(id: string, approval: RiskReport['decision']['approvals'][number], review: string, actor: string): Promise<RiskReport>
}

interface ReleaseDependencies {
  readonly risk: RiskReports
  readonly now: () => Date
}

/** The risk report of each release and its two signatures, which make it public: who planned it and the data-protection officer. */
export function releaseRoutes({ risk, now }: ReleaseDependencies): Router {
  const router = Router()
  const known = async (id: string) => {
    if (!(await risk.made()).some((each) => each.id === id)) throw new ProblemError('not-released', 'There is no such release.')
    return id
  }
  const show = async (response: Response, id: string, said: Html | null = null) => {
    const actor = actorOfResponse(response)
    const signs = may(actor, 'approve-release') || may(actor, 'make-release')
    const main = reportPage({ id, report: await risk.read(id), signs, today: now(), said })
    response.send(officeFrame(`Release ${id}`, actor, main).text)
  }
  router.use((_request, response, next) => {
    const actor = actorOfResponse(response)
    if (!may(actor, 'approve-release') && !may(actor, 'make-release'))
      throw new ProblemError('forbidden', 'Risk reports are for those who plan and approve releases.')
    next()
  })
  router.get('/:id', async (request, response) => show(response, await known(request.params.id)))
  router.get('/:id/report', async (request, response) => {
    const page = await risk.page(await known(request.params.id))
    if (page === undefined) throw new ProblemError('not-released', 'No risk report has been written for this release.')
    response.send(page)
  })
  router.post('/:id/sign', async (request, response) => {
    const id = await known(request.params.id)
    const actor = actorOfResponse(response)
    const decision = field(request, 'decision') === 'release' ? 'release' : 'hold'
    const who = `${actor.login} (${actor.roles.join(', ')})`
    const report = await risk.sign(id, { who, decision, at: now().toISOString() }, field(request, 'review'), auditName(actor))
    await show(
      response,
      id,
      html`<p>${isApproved(report) ? 'Approved by two people: readers see it.' : `${report.decision.approvals.length} of 2 signatures.`}</p>`,
    )
  })
  return router
}

interface ReportView {
  readonly id: string
  readonly report: RiskReport | undefined
  readonly signs: boolean
  readonly today: Date
  readonly said: Html | null
}

function reportPage({ id, report, signs, today, said }: ReportView): Html {
  if (!report)
    return html`<p>No risk report has been written. On the server: <code>npm run attack -- --release data/releases/${id} --json attacks.json</code>, then <code>npx tala release report ${id} --attacks attacks.json …</code></p>`
  const { decision, attacks, tables } = report
  const failed = attacks.filter(({ pass, mutant_caught }) => !pass || !mutant_caught)
  return html`${said ? html`<section class="said" role="status">${said}</section>` : null}
<p>${decision.residualRisk} ${attacks.length - failed.length} of ${attacks.length} attacks were repelled. ${tables.published} of ${tables.cells} figures published, ${tables.withheld} withheld.</p>
<p><a href="/office/releases/${id}/report">The whole report</a> prints, and saves as PDF from the browser.</p>
<section><h2>Signatures</h2>${decision.approvals.length === 0 ? html`<p>None yet; the release is a draft until two different people have signed.</p>` : html`<ul>${decision.approvals.map(({ who, decision: what, at }) => html`<li>${what}: ${who}, ${at.slice(0, 16).replace('T', ' ')}</li>`)}</ul>`}
${
  signs && !isApproved(report)
    ? html`<form method="post" action="/office/releases/${id}/sign"><p><label>Next review <input name="review" type="date" required min="${today.toISOString().slice(0, 10)}"></label> <button name="decision" value="release">Approve</button> <button name="decision" value="hold">Hold</button></p></form>`
    : null
}</section>`
}
