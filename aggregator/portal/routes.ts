import express, { type Request, Router } from 'express'
import { createLabels, type Labels } from '../formats/labels.ts'
import { catalogOf } from '../formats/catalog.ts'
import { ProblemError } from '../problem.ts'
import type { Html } from './html.ts'
import openapi from './openapi.json' with { type: 'json' }
import { page } from './layout.ts'
import { apiPage } from './pages/api.ts'
import { indicatorPage } from './pages/indicator.ts'
import { areaPage, areasPage, indicatorsPage, releasesPage } from './pages/lists.ts'
import { tablePage } from './pages/table.ts'
import { startPage } from './pages/start.ts'
import type { PublishedRelease, ReleaseSource } from './published.ts'
import { type Words, wordsIn } from './words.ts'

/** The public pages: released figures only, no login, no script. */
export function portalRoutes({ releases }: { readonly releases: ReleaseSource }): Router {
  const router = Router()
  const newest = async () => {
    const [first] = await releases.list()
    return first ? releases.open(first.id) : undefined
  }
  const needed = (release: PublishedRelease | undefined): PublishedRelease => {
    if (release) return release
    throw new ProblemError('not-released', 'Nothing has been published yet; look again after the next release.')
  }
  const labelsFor = (say: Words, release: PublishedRelease | undefined): Labels => createLabels(say.language, release?.areas ?? {})
  const show = (request: Request, say: Words, title: string, main: Html) => page({ say, title, path: request.path, main })

  router.use(express.static(new URL('./assets/', import.meta.url).pathname, { index: false, maxAge: '1h' }))
  router.get('/', async (request, response) => {
    const say = chosen(request)
    const release = await newest()
    response.send(show(request, say, say('start'), startPage(say, labelsFor(say, release), release)))
  })
  router.get('/indicators', async (request, response) => {
    const say = chosen(request)
    response.send(show(request, say, say('indicators'), indicatorsPage(say, needed(await newest()))))
  })
  router.get('/indicators/:id', async (request, response) => {
    const say = chosen(request)
    const release = needed(await newest())
    const indicator = release.indicators.find(({ id }) => id === request.params.id)
    if (!indicator) throw new ProblemError('unknown-route', say('not-found'))
    response.send(show(request, say, indicator.id, indicatorPage(say, labelsFor(say, release), release, indicator)))
  })
  router.get('/tables', async (request, response) => {
    const say = chosen(request)
    const release = needed(await newest())
    const { indicator, by } = request.query
    const choice = { indicator: typeof indicator === 'string' ? indicator : undefined, by: ([] as unknown[]).concat(by ?? []).map(String) }
    const address = `${request.protocol}://${request.get('host') ?? ''}`
    response.send(show(request, say, say('build-table'), tablePage(say, labelsFor(say, release), release, choice, address)))
  })
  router.get('/catalog.jsonld', async (request, response) => {
    response
      .type('application/ld+json')
      .send(JSON.stringify(catalogOf(await newest(), `${request.protocol}://${request.get('host') ?? ''}`)))
  })
  router.get('/areas', async (request, response) => {
    const say = chosen(request)
    response.send(show(request, say, say('areas'), areasPage(say, needed(await newest()))))
  })
  router.get('/areas/:code', async (request, response) => {
    const say = chosen(request)
    const release = needed(await newest())
    const name = release.areas[request.params.code]
    if (name === undefined) throw new ProblemError('unknown-route', say('not-found'))
    response.send(show(request, say, name, areaPage(say, labelsFor(say, release), release, request.params.code)))
  })
  router.get('/api', (request, response) => {
    const say = chosen(request)
    response.send(show(request, say, say('api'), apiPage()))
  })
  router.get('/api/openapi.json', (_request, response) => {
    response.json(openapi)
  })
  router.get('/releases', async (request, response) => {
    const say = chosen(request)
    response.send(show(request, say, say('releases'), releasesPage(say, await releases.list())))
  })
  return router
}

function chosen(request: Request): Words {
  const asked = request.query.lang
  return wordsIn(typeof asked === 'string' ? asked : request.acceptsLanguages('en', 'fil') || 'en')
}
