import { KeepError } from './indexed-db-keep.ts'

/** Something the enumerator must be told; `code` is a key of the interface texts. */
export class PhoneError extends Error {
  override name = 'PhoneError'
  readonly code: PhoneTrouble
  constructor(code: PhoneTrouble, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

export type PhoneTrouble =
  | 'phone.new'
  | 'phone.locked'
  | 'phone.elsewhere'
  | 'phone.no-draft'
  | 'phone.no-copy'
  | 'phone.no-record'
  /** No room: nothing was lost; send what is here, or clear pictures from the phone. */
  | 'phone.storage-full'
  /** The browser does not open its store. */
  | 'phone.storage-broken'
  | 'phone.lease'
  | 'phone.wrong-pin'
  | 'phone.backup-unreadable'
  | 'phone.backup-of-another'
  | 'phone.hand-over-unreadable'
  /** The server did not give the key for a forgotten PIN; nothing was changed. */
  | 'phone.not-recovered'

/** Lets a full or closed store say so in words; everything else passes. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof KeepError)
      throw new PhoneError(error.code === 'full' ? 'phone.storage-full' : 'phone.storage-broken', { cause: error })
    if (isQuota(error)) throw new PhoneError('phone.storage-full', { cause: error })
    throw error
  }
}

/** PouchDB hides the browser's word in `reason`. */
function isQuota(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, reason } = error as { name?: unknown; reason?: unknown }
  return name === 'QuotaExceededError' || (typeof reason === 'string' && reason.includes('QuotaExceeded'))
}
