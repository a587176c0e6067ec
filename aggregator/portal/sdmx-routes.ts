import { type Request, type Response, Router } from 'express'
import { createLabels } from '../formats/labels.ts'
import { agency, dataflow, type SdmxDataset, sdmxDataset } from '../formats/sdmx/dataset.ts'
import { changedSince, parseMoment } from '../formats/sdmx/moment.ts'
import { parseComponents, parseKey, select } from '../formats/sdmx/query.ts'
import { toSdmxCsv } from '../formats/sdmx/write-csv.ts'
import { toSdmxJson } from '../formats/sdmx/write-json.ts'
import { toSdmxStructure } from '../formats/sdmx/write-structure.ts'
import { toSdmxXml } from '../formats/sdmx/write-xml.ts'
import { ProblemError } from '../problem.ts'
import { type FrozenAnswers, frozenAnswers } from './frozen.ts'
import { type PublishedRelease, periodOf, type ReleaseSource } from './published.ts'

type Format = 'jsondata' | 'csv' | 'genericdata' | 'structurespecificdata'

const mediaTypes: Readonly<Record<Format, string>> = {
  jsondata: 'application/vnd.sdmx.data+json;version=2.1.0',
  csv: 'application/vnd.sdmx.data+csv;version=2.1.0',
  genericdata: 'application/vnd.sdmx.genericdata+xml;version=2.1',
  structurespecificdata: 'application/vnd.sdmx.structurespecificdata+xml;version=2.1',
}

/** SDMX REST 2 (and data of 1.5) over the newest release, or the one of a moment (`asOf`), with the URL forms that known clients send. */
export function sdmxRoutes({
  releases,
  frozen = frozenAnswers(),
}: {
  readonly releases: ReleaseSource
  readonly frozen?: FrozenAnswers
}): Router {
  const router = Router()
  const datasets = new WeakMap<PublishedRelease, SdmxDataset>()
  /** The newest release of a moment; undefined before the first. */
  const newestOf = async (moment: Date | null): Promise<PublishedRelease | undefined> => {
    const found = (await releases.list()).find(({ published }) => moment === null || new Date(published) <= moment)
    return found && releases.open(found.id)
  }
  const newest = async (): Promise<PublishedRelease> => {
    const release = await newestOf(null)
    if (!release) throw new ProblemError('not-released', 'Nothing has been published yet; look again after the next release.')
    return release
  }
  const datasetOf = (release: PublishedRelease): SdmxDataset => {
    const known = datasets.get(release) ?? build(release)
    datasets.set(release, known)
    return known
  }
  const build = (release: PublishedRelease): SdmxDataset =>
    sdmxDataset(
      {
        ...release,
        period: periodOf(release),
        indicatorNames: Object.fromEntries(release.indicators.map(({ id, title }) => [id, title.en ?? id])),
      },
      createLabels('en', release.areas, release.dimensions),
    )
  /** What a query asks for; undefined when nothing had been published at its moment. */
  const asked = async (query: string) => {
    const { asOf, updatedAfter } = parseMoment(query)
    const release = asOf === null ? await newest() : await newestOf(asOf)
    if (!release) return undefined
    // After the moment whose data are asked for, nothing of them can have changed.
    const since = asOf !== null && updatedAfter !== null && asOf < updatedAfter ? asOf : updatedAfter
    const before = since === null ? undefined : await newestOf(since)
    const dataset = () => (before ? changedSince(datasetOf(release), datasetOf(before)) : datasetOf(release))
    return { release, dataset }
  }
  const answer = async (request: Request, response: Response, key: string | undefined, otherwise: Format) => {
    const query = queryOf(request)
    const format = formatOf(request, otherwise)
    response.vary('Accept')
    const found = await asked(query)
    if (!found) return void response.status(204).end()
    const { release, dataset } = found
    const name = request.originalUrl.length > 400 ? null : `sdmx ${release.id} ${format} ${request.originalUrl}`
    await frozen.send(request, response, name, 3600, async () => {
      const chosen = select(dataset(), parseKey(key), parseComponents(query))
      // The standard prefers "no content" to "not found" for a question that is right and has no answer.
      return { type: mediaTypes[format], body: chosen.observations.length === 0 ? '' : body(chosen, release.id, format) }
    })
  }
  router.get('/v2/data/dataflow/:agency/:id/:version{/:key}', async (request, response) => {
    checkFlow(request.params.agency, request.params.id, request.params.version)
    await answer(request, response, request.params.key, 'jsondata')
  })
  router.get('/v1/data/:flow{/:key}{/:provider}', async (request, response) => {
    const parts = request.params.flow.split(',')
    checkFlow(parts.length > 1 ? (parts[0] ?? '') : agency, parts.length > 1 ? (parts[1] ?? '') : (parts[0] ?? ''), parts[2] ?? '*')
    await answer(request, response, request.params.key, 'genericdata')
  })
  router.get('/v2/structure/:type{/:agency}{/:id}{/:version}', async (_request, response) => {
    response.type('application/vnd.sdmx.structure+json;version=2.1.0').send(JSON.stringify(toSdmxStructure(datasetOf(await newest()))))
  })
  router.get('/v2/availability/dataflow/:agency/:id/:version{/:key}', async (request, response) => {
    checkFlow(request.params.agency, request.params.id, request.params.version)
    const query = queryOf(request)
    const data = await asked(query)
    if (!data) return void response.status(204).end()
    const found = select(data.dataset(), parseKey(request.params.key), parseComponents(query))
    const published = select({ ...found, observations: found.observations.filter(({ value }) => value !== null) })
    response.json({
      obsCount: published.observations.length,
      values: Object.fromEntries([...published.codes].map(([id, codes]) => [id, codes.map((code) => code.id)])),
    })
  })
  return router
}

/** The raw query string, of which every part can be decoded. */
function queryOf(request: Request): string {
  const query = request.originalUrl.split('?')[1] ?? ''
  try {
    decodeURIComponent(query)
  } catch {
    throw new ProblemError('invalid-request', 'A % in the address must be followed by two digits of an encoded character.')
  }
  return query
}

function body(found: SdmxDataset, release: string, format: Format): string {
  switch (format) {
    case 'csv':
      return toSdmxCsv(found)
    case 'genericdata':
      return toSdmxXml(found, release, 'generic')
    case 'structurespecificdata':
      return toSdmxXml(found, release, 'structure-specific')
    case 'jsondata':
      return JSON.stringify(toSdmxJson(found, release))
  }
}

function formatOf(request: Request, otherwise: Format): Format {
  const named = request.query.format
  if (typeof named === 'string') {
    if (named in mediaTypes) return named as Format
    throw new ProblemError('not-acceptable', `Use format=${Object.keys(mediaTypes).join(', ')}.`)
  }
  const accept = request.get('accept') ?? '*/*'
  if (/sdmx\.data\+csv|text\/csv/.test(accept)) return 'csv'
  if (accept.includes('structurespecificdata')) return 'structurespecificdata'
  if (/genericdata|application\/xml/.test(accept)) return 'genericdata'
  if (/sdmx\.data\+json|application\/json/.test(accept)) return 'jsondata'
  if (accept.includes('*/*')) return otherwise
  throw new ProblemError('not-acceptable', `Ask for one of ${Object.values(mediaTypes).join(', ')}.`)
}

/** `+` is the latest stable version, `~` the latest, `*` any: there is one. */
function checkFlow(wantedAgency: string, id: string, version: string): void {
  const versionFits = ['+', '~', '*', 'latest', '1.0', dataflow.version].includes(version)
  if (![agency, '*', 'all'].includes(wantedAgency) || ![dataflow.id, '*'].includes(id) || !versionFits) {
    throw new ProblemError('unknown-table', `The dataflow here is ${agency}:${dataflow.id}(${dataflow.version}).`)
  }
}
