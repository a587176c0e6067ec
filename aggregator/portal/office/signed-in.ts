import type { CookieOptions, RequestHandler, Response } from 'express'
import type { People } from '../../accounts/people.ts'
import { type Act, type Actor, may } from '../../accounts/role.ts'
import { type Sessions, terminalActor } from '../../accounts/sessions.ts'
import { ProblemError } from '../../problem.ts'
import { cookieOf } from './office-form.ts'

export const sessionCookie = 'tala-office'

export const cookieOptions = (publicUrl: string): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: publicUrl.startsWith('https:'),
  path: '/office',
})

/** Lets in who is signed in; everybody else comes to the door. Rights are read anew for each request, so that taking them back works at once. */
export function signedIn(sessions: Sessions, people: People): RequestHandler {
  return async (request, response, next) => {
    const login = sessions.who(cookieOf(request, sessionCookie))
    const actor = login === undefined ? undefined : await actorOf(people, login)
    if (!actor) return response.redirect(303, '/office/sign-in')
    response.locals['actor'] = actor
    next()
  }
}

async function actorOf(people: People, login: string): Promise<Actor | undefined> {
  if (login === terminalActor.login) return terminalActor
  const person = await people.find(login)
  return person?.state === 'active' ? person : undefined
}

export const actorOfResponse = (response: Response): Actor => response.locals['actor'] as Actor

/** How an actor stands in the audit chain. */
export const auditName = ({ login }: Pick<Actor, 'login'>): string => `person:${login}`

/** @throws ProblemError `forbidden` when no role of the actor allows the act. */
export function allow(act: Act): RequestHandler {
  return (_request, response, next) => {
    if (!may(actorOfResponse(response), act))
      throw new ProblemError('forbidden', 'Your account does not include this; the administrator can say who may.')
    next()
  }
}
