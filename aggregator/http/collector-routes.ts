import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'
import { ProblemError } from '../problem.ts'

const built = fileURLToPath(new URL('../../dist/collector', import.meta.url))

/** The phone's app as built by `npm run build`. Named files never change; the page and the service worker are always asked for anew. */
export function collectorRoutes(folder = built): Router {
  const router = Router()
  router.use((_request, _response, next) => {
    if (!existsSync(folder)) throw new ProblemError('collector-not-built', 'Run `npm run build` once, then start again.')
    next()
  })
  router.use(
    express.static(folder, {
      index: 'index.html',
      setHeaders(response, path) {
        const isNamedByContent = /[\\/]assets[\\/]/.test(path)
        response.setHeader('Cache-Control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    }),
  )
  return router
}
