import { type Response, Router } from 'express'
import { renderSVG } from 'uqr'
import type { OpenidProvider, Pending } from '../../accounts/openid-provider.ts'
import type { People } from '../../accounts/people.ts'
import { type Sessions, terminalActor } from '../../accounts/sessions.ts'
import { signIn } from '../../accounts/sign-in.ts'
import type { AuditChain } from '../../custody/audit-chain.ts'
import type { KeyProvider } from '../../custody/keys.ts'
import { defaultRateLimits, limitFailures } from '../../http/rate-limits.ts'
import { ProblemError } from '../../problem.ts'
import { joinedPage, joiningPage, joinPage, onward, signInPage } from './door-pages.ts'
import type { Entrance } from './entrance.ts'
import { cookieOf, field, officeForm, sameOrigin } from './office-form.ts'
import { auditName, cookieOptions, sessionCookie } from './signed-in.ts'

export interface DoorDependencies {
  readonly entrance: Entrance
  readonly people: People
  readonly sessions: Sessions
  readonly keys: KeyProvider
  readonly audit: AuditChain
  readonly provider: OpenidProvider | null
  readonly publicUrl: string
  readonly now: () => Date
}

const pendingCookie = 'tala-provider'
const pendingMs = 10 * 60_000

/** Every way into the office: account, OpenID provider, one-time link, code from the terminal; and the way out. */
export function doorRoutes({ entrance, people, sessions, keys, audit, provider, publicUrl, now }: DoorDependencies): Router {
  const router = Router()
  const secure = cookieOptions(publicUrl)
  const pendings = new Map<string, Pending & { readonly joining: string | null; readonly until: number }>()
  const admit = async (response: Response, login: string, by: string) => {
    await audit.append({ actor: auditName({ login }), action: 'enter', subject: 'office', facts: { by } })
    response.cookie(sessionCookie, sessions.start(login), secure)
  }
  const offer = provider ? new URL(provider.issuer).host : null
  /** Wrong words on a form show the form again, with the sentence; anything else is a problem page. */
  const askAgain = async (response: Response, attempt: () => Promise<void>, again: (sentence: string) => string | Promise<string>) => {
    try {
      await attempt()
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status >= 500) throw error
      response.status(error.status).send(await again(`${error.title} ${error.detail}`))
    }
  }

  router.use(['/sign-in', '/enter', '/join', '/provider'], limitFailures(defaultRateLimits), sameOrigin, officeForm)
  router.get('/sign-in', (_request, response) => void response.send(signInPage(offer)))
  router.post('/sign-in', (request, response) =>
    askAgain(
      response,
      async () => {
        const credentials = {
          login: field(request, 'login').toLowerCase(),
          passphrase: field(request, 'passphrase'),
          code: field(request, 'code'),
        }
        const { login } = await signIn(people, keys, credentials, now()).catch(async (error: unknown) => {
          await audit.append({ actor: 'somebody', action: 'refuse', subject: 'sign-in' })
          throw error
        })
        await admit(response, login, 'passphrase')
        response.redirect(303, '/office')
      },
      (sentence) => signInPage(offer, sentence),
    ),
  )
  router.post('/enter', async (request, response) => {
    if (!entrance.enter(field(request, 'code'))) {
      response
        .status(403)
        .send(signInPage(offer, 'This code has been used or has run out. Start Tala again, or run npx tala office, for a new one.'))
      return
    }
    await admit(response, terminalActor.login, 'terminal')
    response.redirect(303, '/office')
  })
  router.get('/enter', (_request, response) => void response.send(signInPage(offer)))
  router.get('/join', (_request, response) => void response.send(joinPage()))
  const showWelcome = async (code: string, sentence?: string) => {
    const { totpUri, ...welcome } = await people.welcome(code)
    return joiningPage({ ...welcome, code, qr: renderSVG(totpUri), provider: offer }, sentence)
  }
  router.post('/join', (request, response) =>
    askAgain(
      response,
      async () => void response.send(await showWelcome(field(request, 'code'))),
      (sentence) => joinPage(sentence),
    ),
  )
  router.post('/join/finish', async (request, response) => {
    const code = field(request, 'code')
    await people.welcome(code)
    await askAgain(
      response,
      async () => {
        const { login, recovery } = await people.join(code, { passphrase: field(request, 'passphrase'), totp: field(request, 'totp') })
        await audit.append({ actor: auditName({ login }), action: 'join', subject: 'office' })
        response.send(joinedPage(login, recovery))
      },
      (sentence) => showWelcome(code, sentence),
    )
  })
  router.post('/sign-out', sameOrigin, (request, response) => {
    sessions.end(cookieOf(request, sessionCookie) ?? '')
    response.clearCookie(sessionCookie, secure).redirect(303, '/office/sign-in')
  })
  if (!provider) return router

  const begin = async (response: Response, joining: string | null) => {
    const { address, pending } = await provider.begin()
    for (const [state, { until }] of pendings) if (until < now().getTime()) pendings.delete(state)
    pendings.set(pending.state, { ...pending, joining, until: now().getTime() + pendingMs })
    // The answer comes from another site, which a strict cookie would not follow; state and this cookie must both fit.
    response.cookie(pendingCookie, pending.state, { ...secure, sameSite: 'lax', maxAge: pendingMs })
    response.send(onward(address.href))
  }
  router.get('/provider', (_request, response) => begin(response, null))
  router.post('/provider', (request, response) => begin(response, field(request, 'code')))
  router.get('/provider/back', async (request, response) => {
    const state = cookieOf(request, pendingCookie) ?? ''
    const pending = pendings.get(state)
    pendings.delete(state)
    response.clearCookie(pendingCookie, { ...secure, sameSite: 'lax' })
    if (!pending || pending.until < now().getTime()) throw new ProblemError('sign-in-refused', 'The sign-in took too long; begin again.')
    const account = await provider.finish(new URL(`${publicUrl}${request.originalUrl}`), pending)
    const person = pending.joining === null ? await people.findElsewhere(account) : await people.joinElsewhere(pending.joining, account)
    if (!person || person.state !== 'active')
      throw new ProblemError('sign-in-refused', 'Nobody here has this account of the provider; ask the administrator for a link to join.')
    await admit(response, person.login, 'provider')
    // A page of our own goes on from here: a redirect would still count as coming from the provider, without the strict cookie.
    response.send(onward('/office'))
  })
  return router
}
