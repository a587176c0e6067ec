import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { ProblemError } from '../problem.ts'

/** Requests a minute, per process. A village shares one address, so the limit per address is far above what one phone needs. */
export interface RateLimits {
  readonly perAddress: number
  /** Failed enrolments, and failed renewals of one phone. */
  readonly failuresPerAddress: number
  readonly perDevice: number
}

export const defaultRateLimits: RateLimits = { perAddress: 12_000, failuresPerAddress: 60, perDevice: 600 }

/** Codes typed at a page that answers whoever knows one. */
export const guessesPerAddress = 20

const minute = 60_000
const turnAway = () => {
  throw new ProblemError('too-many-requests', 'Wait a minute, then send it again.')
}
const common = { windowMs: minute, standardHeaders: 'draft-8', legacyHeaders: false, handler: turnAway } as const
const addressOf = (request: Request) => ipKeyGenerator(request.ip ?? '')

export function limitByAddress(limits: RateLimits): RequestHandler {
  return rateLimit({ ...common, limit: limits.perAddress, keyGenerator: addressOf })
}

/** Counts every try, the lucky ones too: the count itself must not tell which they were. */
export function limitGuesses(perAddress = guessesPerAddress): RequestHandler {
  return rateLimit({ ...common, limit: perAddress, keyGenerator: addressOf })
}

/**
 * Counts only failures: whoever guesses codes is slowed down, whoever works is not. Never put it before routes where one phone's
 * failures would lock out the others behind the same address.
 * @param keyOf what is counted together with the address, e.g. the device that signs in.
 */
export function limitFailures(limits: RateLimits, keyOf: (request: Request) => string = () => ''): RequestHandler {
  const keyGenerator = (request: Request) => `${addressOf(request)} ${keyOf(request)}`
  return rateLimit({
    ...common,
    limit: limits.failuresPerAddress,
    keyGenerator,
    skipSuccessfulRequests: true,
    // Replication asks for checkpoints that are not there yet, a village behind one address for many: that 404 is no guess.
    requestWasSuccessful: ({ originalUrl }, { statusCode }) => statusCode < 400 || (statusCode === 404 && originalUrl.includes('/_local/')),
  })
}

/** @param keyOf who is limited, e.g. the device of the caller. */
export function limitByCaller(limits: RateLimits, keyOf: (response: Response) => string): RequestHandler {
  return rateLimit({ ...common, limit: limits.perDevice, keyGenerator: (_request, response) => keyOf(response) })
}
