import * as client from 'openid-client'
import type { Config } from '../config.ts'
import { ProblemError } from '../problem.ts'
import type { Person } from './person.ts'

/** What the browser must bring back; kept on the server for ten minutes. */
export interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Signing in at an OpenID Connect provider: authorization code with PKCE, state and nonce. The provider answers for the second factor. */
export interface OpenidProvider {
  readonly issuer: string
  begin(): Promise<{ readonly address: URL; readonly pending: Pending }>
  /** @throws ProblemError `provider-unavailable` when the answer is refused, forged or late. */
  finish(answer: URL, pending: Pending): Promise<NonNullable<Person['oidc']>>
}

export function openProvider({ issuer, clientId, clientSecret }: NonNullable<Config['oidc']>, publicUrl: string): OpenidProvider {
  const redirect = `${publicUrl}/office/provider/back`
  let found: Promise<client.Configuration> | undefined
  const discover = async () => {
    // Plain HTTP is for a provider on this machine only; config.ts refuses any other.
    const options = issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}
    found ??= client.discovery(new URL(issuer), clientId, clientSecret, undefined, options)
    return found.catch((error: unknown) => {
      found = undefined
      throw unavailable(error)
    })
  }
  return {
    issuer,
    async begin() {
      const configuration = await discover()
      const pending: Pending = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirect,
        scope: 'openid',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      })
      return { address, pending }
    },
    async finish(answer, { state, nonce, verifier }) {
      const configuration = await discover()
      const tokens = await client
        .authorizationCodeGrant(configuration, answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw unavailable(error)
        })
      const subject = tokens.claims()?.sub
      if (subject === undefined) throw unavailable(undefined)
      return { issuer, subject }
    },
  }
}

const unavailable = (cause: unknown) =>
  new ProblemError('provider-unavailable', 'Try again in a minute, or sign in with the account of Tala.', {}, { cause })
