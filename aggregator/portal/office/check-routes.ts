import { basename, extname } from 'node:path'
import express, { Router } from 'express'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { surveyCheckHtml } from '../../../schemas/xlsform/check-page.ts'
import { readHouse } from '../../../schemas/xlsform/house.ts'
import { readWorkbook, UnreadableSurveyError } from '../../../schemas/xlsform/read.ts'
import { ProblemError } from '../../problem.ts'
import { html } from '../html.ts'

/** Drop a workbook, see the form as it will look on a phone, and each problem at its row. Nothing is kept. */
export function checkRoutes(): Router {
  const router = Router()
  router.get('/', (_request, response) => {
    response.send(
      html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Check a survey · Tala</title>
<link rel="stylesheet" href="/portal.css"><link rel="stylesheet" href="/office.css"><script src="/check.js" defer></script></head><body>
<header><div class="bar"><p class="name"><a href="/office">Tala</a> <span>office</span></p></div></header>
<main><h1>Check a survey</h1><p>Choose an XLSForm workbook (.xlsx). It is checked here and not kept.</p>
<p><label class="drop">Workbook <input type="file" accept=".xlsx"></label></p><div id="result" aria-live="polite"></div></main></body></html>`
        .text,
    )
  })
  router.post('/', express.raw({ type: 'application/octet-stream', limit: '5mb' }), async (request, response) => {
    if (!Buffer.isBuffer(request.body)) throw new ProblemError('invalid-request', 'Send the workbook as application/octet-stream.')
    const { name: asked } = request.query
    const name = basename(typeof asked === 'string' ? asked : 'survey')
    try {
      const workbook = await readWorkbook(request.body)
      response.type('html').send(surveyCheckHtml(compileQuestionnaire(workbook, basename(name, extname(name)), await readHouse())))
    } catch (error) {
      if (!(error instanceof UnreadableSurveyError)) throw error
      response.status(422).type('html').send(html`<p role="alert">${error.message}</p>`.text)
    }
  })
  return router
}
