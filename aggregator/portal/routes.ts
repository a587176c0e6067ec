import express, { type Request, type RequestHandler, Router } from 'express'
import type { WithdrawalProof } from '../custodian/withdrawal-proof.ts'
import { catalogOf } from '../formats/catalog.ts'
import { gate } from '../http/gate.ts'
import { limitGuesses } from '../http/rate-limits.ts'
import { ProblemError } from '../problem.ts'
import type { Agreement } from './agreements/agreement.ts'
import type { Boundaries } from './boundaries.ts'
import { datasetFacts } from './dataset-facts.ts'
import { figureText } from './figure.ts'
import { type FrozenAnswers, frozenAnswers } from './frozen.ts'
import type { Html } from './html.ts'
import { page } from './layout.ts'
import { fields, officeForm, sameOrigin } from './office/office-form.ts'
import openapi from './openapi.json' with { type: 'json' }
import { agreementsPage } from './pages/agreements.ts'
import { apiPage } from './pages/api.ts'
import { areaPage, areasPage } from './pages/areas.ts'
import { comparePage } from './pages/compare.ts'
import { indicatorPage, tabOf } from './pages/indicator.ts'
import { indicatorsPage } from './pages/indicators.ts'
import { releasesPage } from './pages/releases.ts'
import { searchPage } from './pages/search.ts'
import { sheetPage } from './pages/sheet.ts'
import { nothingYet, startPage } from './pages/start.ts'
import { tablePage } from './pages/table.ts'
import { withdrawalPage } from './pages/withdrawal.ts'
import type { PublishedRelease, ReleaseSource } from './published.ts'
import { releaseShelf } from './release-shelf.ts'
import { communitySheet } from './sheet.ts'
import { sheetPdf } from './sheet-pdf.ts'
import { everything, figureAt } from './slices.ts'
import { linkIn, tabulated, type View } from './view.ts'
import { createLabels } from '../formats/labels.ts'
import { chosenWords, type Words } from './words.ts'

export interface PortalDependencies {
  readonly releases: ReleaseSource
  /** Where readers reach this portal. */
  readonly publicUrl: string
  /** Where a resident can ask, in the words of the office; may be empty. */
  readonly contact?: string
  readonly boundaries?: () => Promise<Boundaries | null>
  readonly frozen?: FrozenAnswers
  /** Requests and agreements for extracts. */
  readonly agreements?: () => Promise<readonly Agreement[]>
  /** What the audit chain says of the code on a slip. */
  readonly proveWithdrawal?: (code: string) => Promise<WithdrawalProof | null>
}

interface Page {
  readonly title: string
  readonly main: Html
  readonly facts?: Readonly<Record<string, unknown>>
}

/** The public pages: released figures only, no login, no script. */
export function portalRoutes({
  releases,
  publicUrl,
  contact = '',
  boundaries = async () => null,
  frozen = frozenAnswers(),
  agreements = async () => [],
  proveWithdrawal = async () => null,
}: PortalDependencies): Router {
  const router = Router()
  const shelf = releaseShelf(releases)
  const viewOf = async (request: Request, wanted?: string): Promise<View> => {
    const say = chosenWords(request)
    const release = wanted ? await shelf.open(wanted) : await shelf.newest()
    if (!release) throw new ProblemError('not-released', say('no-release'))
    const rounds = await shelf.rounds()
    const link = linkIn(say.language)
    return {
      say,
      labels: createLabels(say.language, release.areas, release.dimensions),
      release,
      rounds,
      boundaries: await boundaries(),
      address: publicUrl,
      contact,
      link,
    }
  }
  const keyOf = async (request: Request) => {
    const [newest] = await releases.list()
    return request.originalUrl.length > 400 ? null : `${newest?.id ?? ''} ${chosenWords(request).language} ${request.originalUrl}`
  }
  const show =
    (make: (request: Request) => Promise<Page>): RequestHandler =>
    async (request, response) => {
      response.vary('Accept-Language')
      await frozen.send(request, response, await keyOf(request), 300, async () => {
        const say = chosenWords(request)
        const { lang: _, ...query } = request.query as Record<string, string | string[]>
        return { type: 'text/html; charset=utf-8', body: page({ say, path: request.path, query, ...(await make(request)) }) }
      })
    }

  router.use(express.static(new URL('./assets/', import.meta.url).pathname, { index: false, maxAge: '1h' }))
  router.get(
    '/',
    show(async (request) => {
      const say = chosenWords(request)
      return { title: say('start'), main: (await shelf.newest()) ? startPage(await viewOf(request)) : nothingYet({ say }) }
    }),
  )
  router.get(
    '/indicators',
    show(async (request) => {
      const view = await viewOf(request)
      return { title: view.say('indicators'), main: indicatorsPage(view) }
    }),
  )
  router.get(
    '/indicators/:id',
    show(async (request) => {
      const view = await viewOf(request)
      const indicator = tabulated(view.release).find(({ id }) => id === request.params['id'])
      if (!indicator) throw new ProblemError('unknown-route', view.say('not-found'))
      const history = (await shelf.all()).flatMap((release) => historyOf(view.say, release, indicator.id))
      return {
        title: view.say.text(indicator.title),
        main: indicatorPage(view, indicator, tabOf(one(request, 'view')), history),
        facts: datasetFacts(view, indicator),
      }
    }),
  )
  router.get(
    '/areas',
    show(async (request) => {
      const view = await viewOf(request)
      return { title: view.say('areas'), main: areasPage(view) }
    }),
  )
  router.get(
    '/areas/:code',
    show(async (request) => {
      const view = await viewOf(request)
      const code = knownArea(view, request)
      return { title: view.labels.code('REF_AREA', code), main: areaPage(view, code) }
    }),
  )
  router.get(
    '/areas/:code/sheet',
    show(async (request) => {
      const view = await viewOf(request)
      const code = knownArea(view, request)
      return {
        title: `${view.say('sheet')}: ${view.labels.code('REF_AREA', code)}`,
        main: sheetPage(view, code, communitySheet(view, code)),
      }
    }),
  )
  router.get('/areas/:code/sheet.pdf', async (request, response) => {
    await frozen.send(request, response, await keyOf(request), 300, async () => {
      const view = await viewOf(request)
      const code = knownArea(view, request)
      return {
        type: 'application/pdf',
        body: await sheetPdf(view.say, communitySheet(view, code)),
        file: `${code}-${view.release.id}-${view.say.language}.pdf`,
      }
    })
  })
  router.get(
    '/tables',
    show(async (request) => {
      const view = await viewOf(request, one(request, 'release'))
      const asked = { indicator: one(request, 'indicator'), by: many(request, 'by'), areas: many(request, 'area') }
      return { title: view.say('build-table'), main: tablePage(view, asked, await releases.list()) }
    }),
  )
  router.get(
    '/compare',
    show(async (request) => {
      const view = await viewOf(request)
      const side = async (suffix: '' | '2') => {
        const release = (await shelf.open(one(request, `release${suffix}`) ?? '')) ?? view.release
        const area = one(request, `area${suffix}`) ?? everything
        return { release, area: release.areas[area] === undefined ? everything : area }
      }
      return { title: view.say('compare'), main: comparePage(view, [await side(''), await side('2')], await releases.list()) }
    }),
  )
  router.get(
    '/search',
    show(async (request) => {
      const view = await viewOf(request)
      return { title: view.say('search'), main: searchPage(view, many(request, 'q').join(' ').slice(0, 80)) }
    }),
  )
  router.get(
    '/releases',
    show(async (request) => {
      const say = chosenWords(request)
      return { title: say('releases'), main: releasesPage({ say, link: linkIn(say.language) }, await shelf.all()) }
    }),
  )
  // Decided any day, so it is not frozen with a release.
  router.get('/agreements', async (request, response) => {
    const say = chosenWords(request)
    response.vary('Accept-Language')
    response.send(page({ say, title: say('agreements'), path: request.path, main: agreementsPage(say, await agreements()) }))
  })
  router.get(
    '/withdrawal',
    show(async (request) => {
      const say = chosenWords(request)
      return { title: say('withdrawal'), main: withdrawalPage({ say, link: linkIn(say.language) }) }
    }),
  )
  // The code comes in a body: an address would lie in histories and logs.
  const oneAtATime = gate(1, 8)
  router.post('/withdrawal', limitGuesses(), sameOrigin, officeForm, async (request, response) => {
    const say = chosenWords(request)
    const proof = await oneAtATime(() => proveWithdrawal(fields(request, 'code')[0] ?? ''))
    const main = withdrawalPage({ say, link: linkIn(say.language) }, proof)
    response.setHeader('Cache-Control', 'no-store')
    response.send(page({ say, title: say('withdrawal'), path: request.path, main }))
  })
  router.get(
    '/api',
    show(async (request) => ({ title: chosenWords(request)('api'), main: apiPage(chosenWords(request)) })),
  )
  router.get('/api/openapi.json', (_request, response) => void response.json(openapi))
  router.get('/catalog.jsonld', async (request, response) => {
    await frozen.send(request, response, await keyOf(request), 300, async () => ({
      type: 'application/ld+json',
      body: JSON.stringify(catalogOf(await shelf.newest(), publicUrl)),
    }))
  })
  return router
}

function historyOf(say: Words, release: PublishedRelease, id: string) {
  const indicator = release.indicators.find((each) => each.id === id)
  if (!indicator) return []
  const { published, round } = release
  return [{ release: release.id, published, round, version: indicator.version, figure: figureText(say, figureAt(release, id)?.cell) }]
}

function knownArea({ say, release }: View, request: Request): string {
  const code = String(request.params['code'])
  if (code === everything || release.areas[code] === undefined) throw new ProblemError('unknown-route', say('not-found'))
  return code
}

/** A parameter that is named once; the query parser gives a list when it stands there twice. */
function one(request: Request, name: string): string | undefined {
  return many(request, name)[0]
}

function many(request: Request, name: string): readonly string[] {
  return ([] as unknown[])
    .concat(request.query[name] ?? [])
    .map(String)
    .flatMap((each) => each.split(','))
}
