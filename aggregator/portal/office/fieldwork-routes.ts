import { type Response, Router } from 'express'
import type { Round } from '../../../schemas/generated/records.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { mayInArea } from '../../accounts/role.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import { sendComment } from '../../fieldwork/comments.ts'
import { listDevices, notSeenFor } from '../../fieldwork/devices.ts'
import { failuresOf } from '../../fieldwork/failures.ts'
import { listingOf } from '../../fieldwork/listings.ts'
import { reconciliations } from '../../fieldwork/reconciliations.ts'
import type { DocumentStore } from '../../inbox/document-store.ts'
import { fieldQuality } from '../../ingest/field-quality.ts'
import { findings } from '../../ingest/findings.ts'
import { type Decision, decide, reviewQueue } from '../../ingest/review.ts'
import { ProblemError } from '../../problem.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { type Html, html } from '../html.ts'
import { type FieldworkView, fieldworkPage } from './fieldwork-page.ts'
import { field, fields } from './office-form.ts'
import { officeFrame } from './office-page.ts'
import { questionWords } from './question-words.ts'
import { qualityInSight, qualityPage, type Sight } from './quality-page.ts'
import { actorOfResponse, allow, auditName } from './signed-in.ts'

interface FieldworkDependencies {
  readonly office: DocumentStore
  readonly warehouse: Warehouse
  readonly audit: AuditChain
  readonly now: () => Date
  round: (id?: string) => Promise<Round>
  rounds: () => Promise<readonly string[]>
  questionnaire: (reference: { readonly id: string; readonly version: string }) => Promise<Questionnaire | undefined>
}

const silentDays = 7
const decisions = ['accept', 'hold', 'return'] as const

/** The supervisor's day: records that wait for a decision, phones that fail or are silent. Names no answer. */
export function fieldworkRoutes({ office, warehouse, audit, now, round, ...house }: FieldworkDependencies): Router {
  const router = Router()
  const surveyOf = async (id?: string) => {
    const chosen = await round(id)
    const questionnaire = await house.questionnaire(chosen.questionnaire)
    if (!questionnaire) throw new ProblemError('unknown-questionnaire', 'Publish the questionnaire of the round first.')
    return { round: chosen, questionnaire }
  }
  const waiting = async (response: Response): Promise<FieldworkView['queue']> => {
    const { round: current, questionnaire } = await surveyOf()
    const { areas } = current
    const actor = actorOfResponse(response)
    const queue = await warehouse.read(async (connection) => reviewQueue(connection, await findings(connection, questionnaire, current)))
    return queue.filter(({ area }) => (area === null ? actor.areas.length === 0 : mayInArea(actor, 'review-records', area, areas)))
  }
  const show = async (response: Response, said: Html | null = null) => {
    const { round: current, questionnaire } = await surveyOf()
    const { areas } = current
    const actor = actorOfResponse(response)
    const sees = (codes: readonly string[]) =>
      actor.areas.length === 0 || codes.some((code) => mayInArea(actor, 'review-records', code, areas))
    const devices = (await listDevices(office)).filter((device) => sees(device.areas))
    const failing = await Promise.all(devices.map(async ({ id }) => ({ id, failures: await failuresOf(office, id) })))
    const silent = (await notSeenFor(office, silentDays, now())).filter((device) => sees(device.areas))
    const view: FieldworkView = {
      queue: await waiting(response),
      areas: new Map(areas.map(({ code, name }) => [code, name])),
      questions: questionWords(questionnaire),
      failing: failing.filter(({ failures }) => failures.length > 0),
      silent: silent.map(({ id, lastSeen }) => ({ id, lastSeen })),
      silentDays,
      // Another area's phones are not this supervisor's business.
      reconciled:
        (await reconciliations(office)).map((report) => ({
          ...report,
          incidents: report.incidents.filter(({ device }) => actor.areas.length === 0 || devices.some(({ id }) => id === device)),
        }))[0] ?? null,
      said,
    }
    response.send(officeFrame('Field work', actor, fieldworkPage(view)).text)
  }
  router.use(allow('review-records'))
  router.get('/', (_request, response) => show(response))
  router.get('/quality', async (request, response) => {
    const asked = request.query['round']
    const { round: chosen, questionnaire } = await surveyOf(typeof asked === 'string' && asked !== '' ? asked : undefined)
    const { id, areas } = chosen
    const actor = actorOfResponse(response)
    const area = (code: string) => mayInArea(actor, 'review-records', code, areas)
    const own = new Set(
      (await listDevices(office)).filter((each) => actor.areas.length === 0 || each.areas.some(area)).map((each) => each.id),
    )
    const sight: Sight = { area, device: (device) => actor.areas.length === 0 || own.has(device) }
    const listed = await listingOf(office, id)
    const quality = qualityInSight(await warehouse.read((connection) => fieldQuality(connection, questionnaire, chosen, listed)), sight)
    const names = new Map(areas.map(({ code, name }) => [code, name]))
    const main = qualityPage({
      quality,
      sight,
      areas: names,
      questions: questionWords(questionnaire),
      rounds: await house.rounds(),
      round: id,
    })
    response.send(officeFrame('Quality of field work', actor, main).text)
  })
  router.post('/decide', async (request, response) => {
    const record = field(request, 'record')
    const decided: Decision['decided'] | undefined = decisions.find((each) => each === field(request, 'decided'))
    if (!decided) throw new ProblemError('invalid-request', 'Accept, hold or return.')
    const item = (await waiting(response)).find((each) => each.record === record)
    if (!item) throw new ProblemError('unknown-record', 'This record does not wait for you: it was decided, or is of another area.')
    const comment = fields(request, 'comment')[0] ?? ''
    if (decided === 'return' && comment.length < 5) throw new ProblemError('invalid-request', 'Say to the enumerator what to look at.')
    const by = auditName(actorOfResponse(response))
    await decide(warehouse, { record, decided, by, comment }, now())
    if (decided === 'return') await sendComment(office, item.device, { text: comment, record }, now())
    await audit.append({ actor: by, action: `review-${decided}`, subject: `record:${record}` })
    await show(response, html`<p>${said[decided]}</p>`)
  })
  return router
}

const said: Readonly<Record<Decision['decided'], string>> = {
  accept: 'Accepted: it counts from now on.',
  hold: 'Held: it stays out until somebody accepts it.',
  return: 'Returned: the phone shows your comment when it next has a network.',
}
