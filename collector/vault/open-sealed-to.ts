import type { KeyHeader } from '../../schemas/sealing/headers.ts'
import { type Bytes, fromBase64url, joined, utf8 } from './bytes.ts'
import { concatKdf } from './seal.ts'

/**
 * Opens what `sealTo` sealed: a compact JWE, ECDH-ES+A256KW with A256GCM. Loaded only when a PIN was forgotten.
 * @throws DOMException (OperationError) when it was sealed to another key.
 */
export async function openSealedTo(privateKey: JsonWebKey, sealed: string): Promise<Bytes> {
  const [head = '', wrapped = '', iv = '', text = '', tag = ''] = sealed.split('.')
  const { epk } = JSON.parse(new TextDecoder().decode(fromBase64url(head))) as KeyHeader
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const { kty, crv, x, y, d } = privateKey
  const ours = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d } as JsonWebKey, curve, false, ['deriveBits'])
  const theirs = await crypto.subtle.importKey('jwk', { ...epk } as JsonWebKey, curve, false, [])
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours, 256))
  const wrapping = await crypto.subtle.importKey('raw', await concatKdf(shared), 'AES-KW', false, ['unwrapKey'])
  const content = await crypto.subtle.unwrapKey('raw', fromBase64url(wrapped), wrapping, 'AES-KW', 'AES-GCM', false, ['decrypt'])
  const parameters = { name: 'AES-GCM', iv: fromBase64url(iv), additionalData: utf8(head) }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, content, joined(fromBase64url(text), fromBase64url(tag))))
}
