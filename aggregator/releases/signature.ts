import { createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'

/** Ed25519 over the bytes of manifest.json; the public key is beside it, its kid can be checked against what the office prints. */
export interface ManifestSignature {
  readonly schema: 'signature/1'
  readonly kid: string
  readonly algorithm: 'Ed25519'
  readonly publicJwk: Readonly<Record<string, unknown>>
  /** base64url */
  readonly signature: string
}

export function signManifest(manifest: Uint8Array, keys: KeyProvider): ManifestSignature {
  const { kid, key, publicJwk } = keys.current('release-sign')
  if (!publicJwk) throw new TypeError('A key that signs releases has a public part.')
  return { schema: 'signature/1', kid, algorithm: 'Ed25519', publicJwk, signature: sign(null, manifest, key).toString('base64url') }
}

/**
 * @param keys the office's keyring; without it the signature is only checked against the key beside it.
 * @throws ProblemError `release-damaged`
 */
export function checkSignature(manifest: Uint8Array, { kid, publicJwk, signature }: ManifestSignature, keys?: KeyProvider): void {
  const jwk = keys ? keys.get(kid)?.publicJwk : publicJwk
  const isOurs =
    jwk && verify(null, manifest, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }), Buffer.from(signature, 'base64url'))
  if (!isOurs)
    throw new ProblemError(
      'release-damaged',
      'The manifest is not signed by a release key of this office; restore the release from a backup.',
    )
}
