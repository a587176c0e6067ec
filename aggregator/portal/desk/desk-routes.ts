import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { type Request, type Response, Router } from 'express'
import type { Round } from '../../../schemas/generated/records.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { type Actor, mayInArea } from '../../accounts/role.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import { previewPlan } from '../../disclosure/plan-release.ts'
import { designOf } from '../../fieldwork/designs.ts'
import { listingOf } from '../../fieldwork/listings.ts'
import { createLabels } from '../../formats/labels.ts'
import type { DocumentStore } from '../../inbox/document-store.ts'
import type { LiveFigures } from '../../indicators/live-figures.ts'
import { loadDefinitions } from '../../indicators/load-definitions.ts'
import { tabulate } from '../../indicators/tabulate.ts'
import { type ColumnTable, onlyNodes } from '../../indicators/column-table.ts'
import { ProblemError } from '../../problem.ts'
import { rulesOf } from '../../releases/make-release.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Html } from '../html.ts'
import { field } from '../office/office-form.ts'
import { questionWords } from '../office/question-words.ts'
import { actorOfResponse, allow, auditName } from '../office/signed-in.ts'
import { deskColumns, openConsole } from './console.ts'
import { deskFrame } from './desk-frame.ts'
import { definitionsPage, notebookPage, planPage, queryPage, roundPage, tablePage } from './desk-pages.ts'
import { readFieldReport } from './field-report.ts'
import { openNotebooks } from './notebook.ts'
import { tableDownload } from './table-download.ts'

export interface DeskDependencies {
  readonly warehouse: Pick<Warehouse, 'read'>
  readonly figures: Pick<LiveFigures, 'table'>
  readonly office: DocumentStore
  readonly audit: AuditChain
  readonly now: () => Date
  round: (id?: string) => Promise<Round>
  rounds: () => Promise<readonly string[]>
  questionnaire: (reference: { readonly id: string; readonly version: string }) => Promise<Questionnaire | undefined>
}

/** The statistician's desk: /office/desk. Nothing here is protected, so nothing here leaves the office. */
export function deskRoutes({ warehouse, figures, office, audit, now, ...house }: DeskDependencies): Router {
  const router = Router()
  const console = openConsole(warehouse)
  const notebooks = openNotebooks(office, now)
  // Read once, with the first page that needs them: they change with the program only.
  const read: { definitions?: ReturnType<typeof loadDefinitions> } = {}
  const definitionsOf = () => (read.definitions ??= loadDefinitions())
  const show = (response: Response, title: string, main: Html) => void response.send(deskFrame(title, actorOfResponse(response), main))
  const scene = async (request: Request, response: Response) => {
    const round = await house.round(text(request, 'round') || undefined)
    const questionnaire = await house.questionnaire(round.questionnaire)
    if (!questionnaire) throw new ProblemError('unknown-questionnaire', 'Publish the questionnaire of the round first.')
    return { round, questionnaire, rounds: await house.rounds(), areas: areasOf(actorOfResponse(response), round) }
  }

  router.get('/', allow('see-working-tables'), async (request, response) => {
    const { round, questionnaire, rounds, areas } = await scene(request, response)
    const listed = await listingOf(office, round.id)
    const report = await warehouse.read((connection) => readFieldReport(connection, questionnaire, round.id, listed, areas))
    show(response, round.title, roundPage({ questions: questionWords(questionnaire), report, areas: round.areas, rounds, round: round.id }))
  })
  router.get('/table', allow('see-working-tables'), async (request, response) => {
    const { round, questionnaire, rounds, areas } = await scene(request, response)
    const indicators = (await definitionsOf()).filter(({ definition }) => definition.type !== 'pipeline')
    const chosen = indicators.find(({ definition }) => definition.id === text(request, 'indicator')) ?? indicators[0]
    if (!chosen) throw new ProblemError('unknown-table', 'No indicator is defined.')
    const area = text(request, 'area')
    const by = texts(request, 'by').filter((id) => chosen.definition.breakdowns.includes(id))
    const axes = areas === null && area === '' ? by : [...new Set([...by, 'REF_AREA'])]
    const whole = await figures.table({ indicator: chosen, questionnaire, round, by: axes, design: await designOf(office, round.id) })
    const table = whole && onlyAreas(whole, area === '' ? areas : areas === null || areas.includes(area) ? [area] : [])
    const format = text(request, 'format')
    if (format === 'csv' || format === 'json') {
      response.type(format === 'csv' ? 'text/csv' : 'application/json').attachment(`not-for-release-${chosen.definition.id}.${format}`)
      await pipeline(tableDownload(table, format), response)
      return
    }
    const query = new URLSearchParams([
      ['indicator', chosen.definition.id],
      ...by.map((id) => ['by', id]),
      ['area', area],
      ['round', round.id],
    ])
    const view = {
      definitions: indicators.map(({ definition }) => definition),
      chosen: chosen.definition,
      by,
      rounds,
      round: round.id,
      areas: round.areas.filter(({ code }) => areas === null || areas.includes(code)),
      area,
      table,
      labels: createLabels('en', Object.fromEntries(round.areas.map(({ code, name }) => [code, name]))),
      path: `/office/desk/table?${query.toString()}`,
    }
    show(response, 'Working table', tablePage(view))
  })
  router.get('/definitions', allow('see-working-tables'), async (_request, response) =>
    show(response, 'Definitions', definitionsPage(await definitionsOf())),
  )
  router.get('/plan', allow('plan-release'), async (request, response) => {
    const { round, questionnaire, rounds } = await scene(request, response)
    const indicators = await definitionsOf()
    const tables = await warehouse.read((connection) =>
      tabulate(connection, { indicators, questionnaire, round, by: ['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS'] }),
    )
    show(response, 'Release plan', planPage(previewPlan(tables, rulesOf(indicators)), rounds, round.id))
  })
  router.get('/query', allow('query'), async (request, response) => {
    const { questionnaire } = await scene(request, response)
    show(response, 'SQL', queryPage({ text: '', columns: deskColumns(questionnaire), answer: null, problem: null }))
  })
  router.post('/query', allow('query'), async (request, response) => {
    const { round, questionnaire, areas } = await scene(request, response)
    const sql = sqlOf(request)
    // The text could hold a value somebody looks for: the chain keeps its hash and length, the person keeps the text.
    const facts = { sha256: createHash('sha256').update(sql).digest('hex'), characters: sql.length, round: round.id }
    await audit.append({ actor: auditName(actorOfResponse(response)), action: 'query', subject: 'desk', facts })
    const columns = deskColumns(questionnaire)
    try {
      const answer = await console.run(sql, { questionnaire, round: round.id, areas })
      show(response, 'SQL', queryPage({ text: sql, columns, answer, problem: null }))
    } catch (error) {
      if (!(error instanceof ProblemError) || error.type !== 'query-refused') throw error
      response.status(error.status)
      show(response, 'SQL', queryPage({ text: sql, columns, answer: null, problem: `${error.title} ${error.detail}` }))
    }
  })
  router.get('/notebook', allow('see-working-tables'), async (_request, response) =>
    show(response, 'Notebook', notebookPage(await notebooks.notes(actorOfResponse(response).login))),
  )
  router.post('/notebook/save', allow('see-working-tables'), async (request, response) => {
    await notebooks.save(actorOfResponse(response).login, { title: field(request, 'title'), path: field(request, 'path') })
    response.redirect(303, '/office/desk/notebook')
  })
  router.post('/notebook/remove', allow('see-working-tables'), async (request, response) => {
    await notebooks.remove(actorOfResponse(response).login, field(request, 'path'))
    response.redirect(303, '/office/desk/notebook')
  })
  return router
}

const text = (request: Request, name: string): string => texts(request, name)[0] ?? ''
const texts = (request: Request, name: string): readonly string[] =>
  [request.query[name]].flat().filter((each): each is string => typeof each === 'string' && each !== '')

function sqlOf(request: Request): string {
  const sql: unknown = (request.body as Record<string, unknown> | undefined)?.['sql']
  if (typeof sql !== 'string' || sql.length > 8_000) throw new ProblemError('invalid-request', 'Send a query of at most 8,000 characters.')
  return sql
}

/** Area codes a person may see; null for somebody without limits. */
function areasOf(actor: Actor, round: Round): readonly string[] | null {
  if (actor.areas.length === 0) return null
  return round.areas.map(({ code }) => code).filter((code) => mayInArea(actor, 'see-working-tables', code, round.areas))
}

/** The rows of these areas; null: all. The total over all areas belongs to nobody who is limited. */
function onlyAreas(table: ColumnTable, areas: readonly string[] | null): ColumnTable {
  const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  if (areas === null || axis < 0) return table
  const wanted = table.dimensions[axis]?.nodes.map(({ code }) => areas.includes(code))
  return onlyNodes(table, axis, (node) => wanted?.[node] === true)
}
