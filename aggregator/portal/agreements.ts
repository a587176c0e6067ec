import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'

/** Who may pull extracts, for which purpose, until when. The key itself is shown once and kept only as a hash. */
export interface Agreement {
  readonly schema: 'agreement/1'
  readonly id: string
  /** The office, never a person. */
  readonly who: string
  readonly purpose: string
  /** Last day on which the key opens anything, YYYY-MM-DD. */
  readonly until: string
  readonly promise: string
  /** SHA-256 (hex) of the secret: 256 random bits need no slow hash. */
  readonly secretSha256: string
  readonly revoked: boolean
}

/** The firewall: part of every agreement, in the same words. */
export const enforcementPromise =
  'The figures are used for planning and statistics only, never for immigration or other enforcement, and nobody tries to find a person in them.'

export interface AgreementBook {
  /** @returns the key, shown this once: `tala_<id>_<secret>` */
  create(terms: {
    readonly who: string
    readonly purpose: string
    readonly until: string
  }): Promise<{ readonly agreement: Agreement; readonly key: string }>
  /** @throws ProblemError `unauthorized` for a key that is unknown, revoked or past its day: always with the same words. */
  verify(key: string): Promise<Agreement>
  revoke(id: string): Promise<void>
  list(): Promise<readonly Agreement[]>
}

export function openAgreements(office: DocumentStore, now: () => Date = () => new Date()): AgreementBook {
  const find = async (id: string) => (await office.get(`agreement:${id}`)) as (Agreement & { _id: string; _rev: string }) | undefined
  return {
    async create({ who, purpose, until }) {
      const id = randomBytes(6).toString('hex')
      const secret = randomBytes(32).toString('base64url')
      const agreement: Agreement = {
        schema: 'agreement/1',
        id,
        who,
        purpose,
        until,
        promise: enforcementPromise,
        secretSha256: hashOf(secret),
        revoked: false,
      }
      await office.put({ _id: `agreement:${id}`, ...agreement })
      return { agreement, key: `tala_${id}_${secret}` }
    },
    async verify(key) {
      const [, id = '', secret = ''] = /^tala_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(key) ?? []
      const agreement = id === '' ? undefined : await find(id)
      const matches = timingSafeEqual(bytes(hashOf(secret)), bytes(agreement?.secretSha256 ?? hashOf('nothing')))
      if (!agreement || !matches || agreement.revoked || now().toISOString().slice(0, 10) > agreement.until) {
        throw new ProblemError(
          'unauthorized',
          'This key opens nothing: it is unknown, has ended or was taken back. Ask the data-protection officer for a new agreement.',
        )
      }
      return agreement
    },
    async revoke(id) {
      const agreement = await find(id)
      if (!agreement) throw new ProblemError('invalid-request', 'There is no such agreement; `tala agreement list` shows them.')
      await office.put({ ...agreement, revoked: true })
    },
    list: async () => (await office.list('agreement:')) as unknown as readonly Agreement[],
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
