/** Protected-header words of a sealed part; the phone writes them, ingest refuses anything else. */
export const sealing = Object.freeze({
  /** `alg` of `part.key`: the session key, wrapped to the server's sealing key. */
  keyAlgorithm: 'ECDH-ES+A256KW',
  /** `alg` of `part.sealed`: straight under the session key. */
  contentAlgorithm: 'dir',
  encryption: 'A256GCM',
  /** `typ` of `part.sealed`: an answers part can never be passed off as an identity part. */
  types: Object.freeze({ answers: 'tala-answers/2', identity: 'tala-identity/2' }),
  /** As phones sealed before: the record's id in the header instead of beside it. Still opened, no longer made. */
  firstTypes: Object.freeze({ answers: 'tala-answers/1', identity: 'tala-identity/1' }),
  /** `dic` when the frame was deflated without a dictionary. */
  noDictionary: 'none',
} as const)

/** Which half of an interview a part holds. */
export type SealedHalf = keyof typeof sealing.types

/** The protected header of `part.sealed`: the same for every record of a session, so that a compressed batch holds it once. */
export interface SealedHeader {
  readonly alg: typeof sealing.contentAlgorithm
  readonly enc: typeof sealing.encryption
  /** Session id, the `kid` of the oct JWK inside `part.key`. */
  readonly kid: string
  readonly typ: (typeof sealing.types | typeof sealing.firstTypes)[SealedHalf]
  /** In the first types only: the record's `_id`. The others authenticate `boundTo` (cover.ts) beside the header. */
  readonly rid?: string
  /** `dictionaryName` of the dictionary, or `none`. */
  readonly dic: string
}

/** The protected header of `part.key`. */
export interface KeyHeader {
  readonly alg: typeof sealing.keyAlgorithm
  readonly enc: typeof sealing.encryption
  /** The server's sealing key. */
  readonly kid: string
  readonly epk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
}

/** The plaintext of `part.key`: JSON of this JWK. */
export interface SessionJwk {
  readonly kty: 'oct'
  readonly alg: typeof sealing.encryption
  readonly kid: string
  /** 32 bytes, base64url. */
  readonly k: string
}
