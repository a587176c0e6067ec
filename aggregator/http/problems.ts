import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { ProblemError, type ProblemType } from '../problem.ts'

/** What a person or program gets when something fails: RFC 9457. Reveals nothing of an error that is ours. */
export function problemDocument(error: unknown, requestId: string): { status: number; body: Record<string, unknown> } {
  const problem = error instanceof ProblemError ? error : asProblem(error)
  return {
    status: problem.status,
    body: {
      type: `/problems/${problem.type}`,
      title: problem.title,
      status: problem.status,
      detail: problem.detail,
      instance: requestId,
      ...problem.facts,
    },
  }
}

/** express and body-parser throw errors with a status of their own; anything else is a bug. */
function asProblem(error: unknown): ProblemError {
  const status = (error as { status?: unknown } | null)?.status
  const known: Readonly<Record<number, ProblemType>> = {
    400: 'invalid-request',
    413: 'too-large',
    404: 'unknown-route',
    415: 'not-acceptable',
  }
  const type = typeof status === 'number' ? known[status] : undefined
  if (type) return new ProblemError(type, 'Check the request and send it again.', {}, { cause: error })
  return new ProblemError('internal', 'Try again; if it stays, give the request id to the administrator.', {}, { cause: error })
}

export const handleProblem: ErrorRequestHandler = (error, request, response: Response, next) => {
  if (response.headersSent) return next(error)
  const { status, body } = problemDocument(error, String(response.locals.requestId ?? ''))
  if (status >= 500) request.app.locals.log?.error({ requestId: body.instance, err: error }, 'request failed')
  response.status(status).type('application/problem+json').send(JSON.stringify(body))
}

export const unknownRoute: RequestHandler = (request) => {
  throw new ProblemError('unknown-route', `No ${request.method} route is served here.`)
}
