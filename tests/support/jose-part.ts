import { type FlattenedJWE, flattenedDecrypt, FlattenedEncrypt } from 'jose'

/** A sealed part as jose reads it: what it is bound to stands beside the five pieces. */
export function flattenedJwe(sealed: string, bound: string): FlattenedJWE {
  const [protectedHeader = '', , iv = '', ciphertext = '', tag = ''] = sealed.split('.')
  return { protected: protectedHeader, aad: Buffer.from(bound).toString('base64url'), iv, ciphertext, tag }
}

/** The frame inside a part, opened by jose. */
export async function openPartWithJose(sealed: string, bound: string, k: string): Promise<Uint8Array> {
  return (await flattenedDecrypt(flattenedJwe(sealed, bound), Buffer.from(k, 'base64url'))).plaintext
}

/** A part sealed by jose, which shares no code with the phone. */
export async function sealPartWithJose(frame: Uint8Array, header: Record<string, unknown>, bound: string, k: Uint8Array): Promise<string> {
  const jwe = await new FlattenedEncrypt(frame)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
    .setAdditionalAuthenticatedData(new TextEncoder().encode(bound))
    .encrypt(k)
  return [jwe.protected, '', jwe.iv, jwe.ciphertext, jwe.tag].join('.')
}
