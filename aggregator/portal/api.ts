import { Router } from 'express'
import { toArrow } from '../formats/arrow.ts'
import { toCsv } from '../formats/csv.ts'
import { toDataPackage } from '../formats/data-package.ts'
import { toJson } from '../formats/json.ts'
import { toJsonStat } from '../formats/json-stat.ts'
import { createLabels } from '../formats/labels.ts'
import type { Selection } from '../formats/observations.ts'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { toXlsx } from '../formats/xlsx.ts'
import { ProblemError } from '../problem.ts'
import type { PublishedRelease, ReleaseSource } from './published.ts'

const formats = ['json', 'csv', 'json-stat', 'xlsx', 'arrow', 'datapackage'] as const

/** Released tables for programs: /api/v1. Everything here is already public. */
export function apiRoutes({ releases }: { readonly releases: ReleaseSource }): Router {
  const router = Router()
  const find = async (id: string): Promise<PublishedRelease> => {
    const wanted = id === 'latest' ? (await releases.list())[0]?.id : id
    const release = wanted === undefined ? undefined : await releases.open(wanted)
    if (!release) throw new ProblemError('not-released', 'There is no such release; /api/v1/releases lists them.')
    return release
  }
  router.get('/releases', async (_request, response) => {
    response.json({ releases: await releases.list() })
  })
  router.get('/releases/:release', async (request, response) => {
    // Named one by one: a release also knows the folder its files lie in, which is nobody's business.
    const { id, published, round, roundTitle, indicators, areas, cells, withheld, tables } = await find(request.params.release)
    response.json({
      id,
      published,
      round,
      roundTitle,
      indicators,
      areas,
      cells,
      withheld,
      tables: tables.map((table) => ({
        id: table.id,
        indicator: table.indicator,
        unit: table.unit,
        dimensions: table.dimensions.map((each) => each.id),
      })),
    })
  })
  router.get('/releases/:release/tables/:table', async (request, response) => {
    const release = await find(request.params.release)
    const table = release.tables.find(({ id }) => id === request.params.table)
    if (!table) throw new ProblemError('unknown-table', 'This release has no such table; GET the release to see its tables.')
    const selection = selectionOf(table, request.query)
    const format = request.query.format ?? (request.accepts(['json', 'csv']) || 'json')
    response.set('Cache-Control', 'public, max-age=86400').vary('Accept')
    switch (format) {
      case 'csv':
        response.type('text/csv').attachment(`${release.id}-${table.id}.csv`).send(toCsv(table, selection))
        return
      case 'json-stat':
        response.json(toJsonStat(table, createLabels('en', release.areas), { label: titleOf(release, table), updated: release.published }))
        return
      case 'json':
        response.json(toJson(table, selection))
        return
      case 'xlsx':
        response.type('xlsx').attachment(`${release.id}-${table.id}.xlsx`)
        response.send(Buffer.from(await toXlsx(table, selection, { title: titleOf(release, table) })))
        return
      case 'arrow':
        response
          .type('application/vnd.apache.arrow.stream')
          .attachment(`${release.id}-${table.id}.arrows`)
          .send(Buffer.from(toArrow(table, selection)))
        return
      case 'datapackage':
        response.json(
          toDataPackage(table, { title: titleOf(release, table), address: `/api/v1/releases/${release.id}/tables/${table.id}?format=csv` }),
        )
        return
      default:
        throw new ProblemError('not-acceptable', `Use format=${formats.join(', ')}.`)
    }
  })
  return router
}

function titleOf(release: PublishedRelease, table: ProtectedTable): string {
  return release.indicators.find(({ id }) => id === table.indicator)?.title.en ?? table.indicator
}

/** `?SEX=F,M&REF_AREA=…`: a part of a released table says nothing that the whole does not. */
function selectionOf(table: ProtectedTable, query: Readonly<Record<string, unknown>>): Selection {
  const selection: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(query)) {
    if (name === 'format' || name === 'lang') continue
    const dimension = table.dimensions.find(({ id }) => id === name)
    if (!dimension)
      throw new ProblemError(
        'invalid-request',
        `This table has no dimension ${name}; it has ${table.dimensions.map(({ id }) => id).join(', ')}.`,
      )
    const codes = String(value).split(',')
    const unknown = codes.filter((code) => !dimension.nodes.some((node) => node.code === code))
    if (unknown.length > 0) throw new ProblemError('invalid-request', `${name} has no code ${unknown.join(', ')}.`)
    selection[name] = codes
  }
  return selection
}
