import { Router } from 'express'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { createLabels } from '../formats/labels.ts'
import type { Selection } from '../formats/observations.ts'
import { ProblemError } from '../problem.ts'
import { type FrozenAnswers, frozenAnswers } from './frozen.ts'
import type { PublishedRelease, ReleaseSource } from './published.ts'
import { wantedFormat, writeTable } from './table-formats.ts'

/** Seconds: a release named by its id never changes, what `latest` means does. */
const age = { fixed: 86_400, latest: 300 } as const

/** Released tables for programs: /api/v1. Everything here is already public. */
export function apiRoutes({
  releases,
  frozen = frozenAnswers(),
}: {
  readonly releases: ReleaseSource
  readonly frozen?: FrozenAnswers
}): Router {
  const router = Router()
  const idOf = async (asked: string) => (asked === 'latest' ? (await releases.list())[0]?.id : asked)
  const find = async (id: string | undefined): Promise<PublishedRelease> => {
    const release = id === undefined ? undefined : await releases.open(id)
    if (!release) throw new ProblemError('not-released', 'There is no such release; /api/v1/releases lists them.')
    return release
  }
  router.get('/releases', async (_request, response) => {
    response.json({ releases: await releases.list() })
  })
  router.get('/releases/:release', async (request, response) => {
    const id = await idOf(request.params.release)
    const maxAge = request.params.release === 'latest' ? age.latest : age.fixed
    await frozen.send(request, response, `release ${id ?? ''}`, maxAge, async () => ({
      type: 'application/json; charset=utf-8',
      body: JSON.stringify(described(await find(id))),
    }))
  })
  router.get('/releases/:release/tables/:table', async (request, response) => {
    const id = await idOf(request.params.release)
    const format = wantedFormat(request.query.format, (types) => request.accepts(types))
    const maxAge = request.params.release === 'latest' ? age.latest : age.fixed
    response.vary('Accept')
    const key = request.originalUrl.length > 400 ? null : `table ${id ?? ''} ${format} ${request.originalUrl}`
    await frozen.send(request, response, key, maxAge, async () => {
      const release = await find(id)
      const table = release.tables.find((each) => each.id === request.params.table)
      if (!table) throw new ProblemError('unknown-table', 'This release has no such table; GET the release to see its tables.')
      return writeTable(format, table, selectionOf(table, request.query), {
        title: release.indicators.find((each) => each.id === table.indicator)?.title.en ?? table.indicator,
        published: release.published,
        labels: createLabels(typeof request.query.lang === 'string' ? request.query.lang : 'en', release.areas, release.dimensions),
        address: `/api/v1/releases/${release.id}/tables/${table.id}`,
        parquet: () => releases.parquet(release.id, table.id),
      })
    })
  })
  return router
}

/** Named one by one: a release also knows the folder its files lie in, which is nobody's business. */
function described({ id, published, round, roundTitle, indicators, areas, cells, withheld, tables }: PublishedRelease) {
  return {
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
  }
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
