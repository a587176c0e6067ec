import { Router } from 'express'

/** /healthz: the process answers. /readyz: it can take records in now. */
export function healthRoutes({ ready }: { readonly ready: () => Promise<void> }): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    await ready()
    response.json({ status: 'ready' })
  })
  return router
}
