import type { ErrorRequestHandler } from 'express'
import { problemDocument } from '../http/problems.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { linkIn } from './view.ts'
import { chosenWords } from './words.ts'

/** What a person sees who asked for a page that is not there; programs, and mistakes of ours, get the problem document. */
export const showProblem: ErrorRequestHandler = (error, request, response, next) => {
  const { status, body } = problemDocument(error, '')
  if (response.headersSent || status >= 500 || request.accepts(['json', 'html']) !== 'html') return next(error)
  const say = chosenWords(request)
  const detail = status === 404 ? say('not-found') : String(body['detail'])
  const main = html`<h1>${detail}</h1><p><a href="${linkIn(say.language)('/')}">${say('start')}</a></p>`
  response.status(status).send(page({ say, title: String(status), path: '/', main }))
}
