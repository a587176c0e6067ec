import type { RequestHandler, Response } from 'express'

/** Who sends: taken from the access token, never from the document. */
export interface Caller {
  readonly device: string
  readonly role: string
  /** Areas the device works in now or worked in before: records of earlier days arrive late. Empty: every area. */
  readonly areas: readonly string[]
}

/** Puts the caller on the response, or throws `unauthorized` or `device-revoked`. */
export type Authenticate = RequestHandler

export function setCaller(response: Response, caller: Caller): void {
  response.locals['caller'] = caller
}

/** @throws TypeError when the route was mounted without authentication. */
export function callerOf(response: Response): Caller {
  const caller = response.locals['caller'] as Caller | undefined
  if (!caller) throw new TypeError('a route of devices is mounted without authentication')
  return caller
}
