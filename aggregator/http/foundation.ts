import { randomUUID } from 'node:crypto'
import type { Express, RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../config.ts'
import { defaultRateLimits, limitByAddress, type RateLimits } from './rate-limits.ts'

/** What every answer has, whatever the route: an id to ask about, headers that keep browsers strict, a limit per address. */
export function httpFoundation(
  app: Express,
  config: Pick<Config, 'publicUrl' | 'trustedProxies'>,
  limits: RateLimits = defaultRateLimits,
): void {
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustedProxies)
  app.set('query parser', 'simple')
  app.use(requestId)
  app.use(helmet(headers(config.publicUrl.startsWith('https:'))))
  app.use(limitByAddress(limits))
}

/** The id is made here, never taken from the request: what a client sends could be a name. */
export const requestId: RequestHandler = (_request, response, next) => {
  const id = randomUUID()
  response.locals['requestId'] = id
  response.setHeader('X-Request-Id', id)
  next()
}

/** Everything comes from this server; the phone compiles Argon2 (wasm), works in workers, and shows images it made itself. */
function headers(https: boolean): Parameters<typeof helmet>[0] {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https,
    // The enrolment code stands behind the # of its link; with this it can never be told to another site either.
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  }
}
