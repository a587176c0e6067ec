import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DocumentStore } from '../../inbox/document-store.ts'
import { ProblemError } from '../../problem.ts'
import { type Agreement, checkRequest, conditions, enforcementPromise, type ExtractRequest, isInForce } from './agreement.ts'

export interface AgreementBook {
  /** @returns the request, waiting for the custodian. */
  ask(request: ExtractRequest, askedBy: string): Promise<Agreement>
  /** @throws ProblemError `forbidden` when who asked would decide, `conflict` when it was decided before. */
  decide(id: string, decision: { readonly approve: boolean; readonly by: string; readonly why: string }): Promise<Agreement>
  /** A new key for an approved agreement, shown this once: `tala_<id>_<secret>`. An earlier key opens nothing any more. */
  takeKey(id: string, askedBy: string): Promise<string>
  /** An agreement made and approved by the custodian on paper, with its key. */
  create(
    terms: { readonly who: string; readonly purpose: string; readonly until: string },
    by?: string,
  ): Promise<{ readonly agreement: Agreement; readonly key: string }>
  /** @throws ProblemError `unauthorized` for a key that is unknown, revoked or out of its days: always with the same words. */
  verify(key: string): Promise<Agreement>
  revoke(id: string, why?: string, by?: string): Promise<void>
  /** Newest first. */
  list(): Promise<readonly Agreement[]>
}

export function openAgreements(office: DocumentStore, now: () => Date = () => new Date()): AgreementBook {
  const today = () => now().toISOString().slice(0, 10)
  const find = async (id: string) => (await office.get(`agreement:${id}`)) as (Agreement & { _id: string; _rev: string }) | undefined
  const get = async (id: string) => {
    const found = await find(id)
    if (!found) throw new ProblemError('invalid-request', 'There is no such agreement; `tala agreement list` shows them.')
    return found
  }
  const write = async (request: ExtractRequest, askedBy: string): Promise<Agreement> => {
    const agreement: Agreement = {
      ...request,
      schema: 'agreement/2',
      id: randomBytes(6).toString('hex'),
      promise: enforcementPromise,
      state: 'requested',
      askedBy,
      askedOn: today(),
      decidedBy: null,
      decidedOn: null,
      why: '',
      secretSha256: null,
    }
    await office.put({ _id: `agreement:${agreement.id}`, ...agreement })
    return agreement
  }
  const approve = async (id: string, by: string) => {
    await office.put({ ...(await get(id)), state: 'approved', decidedBy: by, decidedOn: today() })
    return get(id)
  }
  const giveKey = async (id: string) => {
    const secret = randomBytes(32).toString('base64url')
    await office.put({ ...(await get(id)), secretSha256: hashOf(secret) })
    return `tala_${id}_${secret}`
  }
  return {
    ask: (request, askedBy) => write(checkRequest(request, today()), askedBy),
    async decide(id, decision) {
      const agreement = await get(id)
      if (agreement.state !== 'requested') throw new ProblemError('conflict', 'This request was decided before.')
      if (agreement.askedBy === decision.by) throw new ProblemError('forbidden', 'Who asks does not decide; another custodian does.')
      if (decision.approve) return approve(id, decision.by)
      if (decision.why.length < 10) throw new ProblemError('invalid-request', 'Say in a sentence why it is refused; the office reads it.')
      await office.put({ ...agreement, state: 'refused', decidedBy: decision.by, decidedOn: today(), why: decision.why })
      return get(id)
    },
    async takeKey(id, askedBy) {
      const agreement = await get(id)
      if (agreement.askedBy !== askedBy) throw new ProblemError('forbidden', 'The key is for the account that asked.')
      if (agreement.state !== 'approved') throw new ProblemError('forbidden', 'There is a key only once the request is approved.')
      return giveKey(id)
    },
    async create({ who, purpose, until }, by = 'terminal') {
      const onPaper = Object.fromEntries(conditions.map(({ code }) => [code, 'on paper']))
      const request = { who, purpose: 'plan', words: purpose, indicators: [], records: false, from: today(), until, answers: onPaper }
      const { id } = await write(request, by)
      await approve(id, by)
      const key = await giveKey(id)
      return { agreement: await get(id), key }
    },
    async verify(key) {
      const [, id = '', secret = ''] = /^tala_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(key) ?? []
      const agreement = id === '' ? undefined : await find(id)
      const matches = timingSafeEqual(bytes(hashOf(secret)), bytes(agreement?.secretSha256 ?? hashOf('nothing')))
      if (!agreement || agreement.secretSha256 === null || !matches || !isInForce(agreement, today())) {
        throw new ProblemError(
          'unauthorized',
          'This key opens nothing: it is unknown, has ended or was taken back. Ask the data-protection officer for a new agreement.',
        )
      }
      return agreement
    },
    async revoke(id, why = 'taken back', by = 'terminal') {
      await office.put({ ...(await get(id)), state: 'revoked', why, decidedBy: by, decidedOn: today(), secretSha256: null })
    },
    list: async () =>
      ((await office.list('agreement:')) as unknown as readonly Agreement[]).toSorted((a, b) => (a.askedOn < b.askedOn ? 1 : -1)),
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
