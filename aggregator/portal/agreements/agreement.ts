import terms from '../../../schemas/agreements.json' with { type: 'json' }
import { ProblemError } from '../../problem.ts'

export const { purposes, conditions } = terms

/** The firewall: part of every agreement, in the same words. */
export const enforcementPromise = terms.promise

/** What an office asks for. */
export interface ExtractRequest {
  /** The office, never a person. */
  readonly who: string
  /** A code of schemas/agreements.json, and what exactly in words. */
  readonly purpose: string
  readonly words: string
  /** Indicators it needs; empty: all that is released. */
  readonly indicators: readonly string[]
  /** Records without names, too, not only tables. */
  readonly records: boolean
  /** First and last day on which a key opens anything, YYYY-MM-DD. */
  readonly from: string
  readonly until: string
  /** What the office answers to each of the seven conditions, by code. */
  readonly answers: Readonly<Record<string, string>>
}

/** Who may pull extracts, for which purpose, until when. The key itself is shown once and kept only as a hash. */
export interface Agreement extends ExtractRequest {
  readonly schema: 'agreement/2'
  readonly id: string
  readonly promise: string
  readonly state: 'requested' | 'approved' | 'refused' | 'revoked'
  /** Account that asked, and the one that decided; `null` before. */
  readonly askedBy: string
  readonly askedOn: string
  readonly decidedBy: string | null
  readonly decidedOn: string | null
  /** Why it was refused or taken back; empty otherwise. */
  readonly why: string
  /** SHA-256 (hex) of the secret: 256 random bits need no slow hash. Null until the office takes its key. */
  readonly secretSha256: string | null
}

const longestYears = 2

/** @throws ProblemError `invalid-request` naming the first thing that is missing. */
export function checkRequest(request: ExtractRequest, today: string): ExtractRequest {
  const refuse = (detail: string) => {
    throw new ProblemError('invalid-request', detail)
  }
  const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  if (request.who === '') refuse('Name the office that asks.')
  if (!purposes.some(({ code }) => code === request.purpose))
    refuse(`The purpose is one of ${purposes.map(({ code }) => code).join(', ')}.`)
  if (request.words.length < 20) refuse('Say in a sentence what the figures will be used for.')
  if (!isDay(request.from) || !isDay(request.until) || request.until < request.from || request.until < today)
    refuse('Give a first and a last day, YYYY-MM-DD; the last one has not passed.')
  if (Date.parse(request.until) - Date.parse(request.from) > longestYears * 366 * 86_400_000)
    refuse(`An agreement runs for ${longestYears} years at most; ask again then.`)
  for (const { code, label } of conditions) if ((request.answers[code] ?? '').length < 3) refuse(`Answer this condition first: ${label}.`)
  return request
}

/** Whether the key of this agreement opens anything today. */
export function isInForce({ state, from, until }: Agreement, today: string): boolean {
  return state === 'approved' && from <= today && today <= until
}

/**
 * Which files of a release an agreement covers: what describes the release, tables of its indicators, and records only where agreed.
 * @param path relative to the release's folder, e.g. `tables/MIG01.csv`.
 */
export function covers({ indicators, records }: Pick<Agreement, 'indicators' | 'records'>, path: string): boolean {
  const [folder, file = ''] = path.split('/')
  if (folder === 'internal') return false
  if (folder === 'records') return records
  if (folder !== 'tables' || indicators.length === 0) return true
  return indicators.includes(/^[A-Z]+\d+/.exec(file)?.[0] ?? '')
}

/** What everybody may see of requests: that they were made and what became of them. */
export function countRequests(agreements: readonly Pick<Agreement, 'state'>[]): Readonly<Record<'asked' | Agreement['state'], number>> {
  const of = (state: Agreement['state']) => agreements.filter((each) => each.state === state).length
  return {
    asked: agreements.length,
    requested: of('requested'),
    approved: of('approved'),
    refused: of('refused'),
    revoked: of('revoked'),
  }
}
