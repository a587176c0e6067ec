import type { Verdict } from '../inbox/screen.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'

/** What went wrong with a phone's records, for its supervisor: ids and reasons, never contents. */
export interface Failure {
  readonly when: string
  readonly kind: 'quarantine' | 'damaged' | 'refuse'
  readonly id: string
  readonly reason: string
}

const kept = 50

export async function failuresOf(office: DocumentStore, device: string): Promise<readonly Failure[]> {
  const found = await office.get(`failures:${device}`)
  return found ? (found['failures'] as readonly Failure[]) : []
}

/** Keeps the last failures of each phone. It never makes a push fail: what cannot be noted is told to `onError`. */
export function failureLog(office: DocumentStore, now: () => Date, onError: (error: unknown) => void = () => {}) {
  return (device: string, verdicts: readonly Exclude<Verdict, { kind: 'accept' }>[]): void => {
    const when = now().toISOString()
    const fresh = verdicts.slice(-kept).map((each) => asFailure(each, when))
    append(office, device, fresh).catch(onError)
  }
}

async function append(office: DocumentStore, device: string, fresh: readonly Failure[], tries = 4): Promise<void> {
  const found = await office.get(`failures:${device}`)
  const before = found ? (found['failures'] as readonly Failure[]) : []
  const failures = [...before.filter((old) => !fresh.some(({ id, reason }) => id === old.id && reason === old.reason)), ...fresh].slice(
    -kept,
  )
  try {
    await office.put({ ...found, _id: `failures:${device}`, schema: 'failures/1', failures })
  } catch (error) {
    if (!(error instanceof ProblemError && error.type === 'conflict') || tries === 0) throw error
    await append(office, device, fresh, tries - 1)
  }
}

function asFailure(verdict: Exclude<Verdict, { kind: 'accept' }>, when: string): Failure {
  switch (verdict.kind) {
    case 'damaged':
    case 'refuse':
      return { when, kind: verdict.kind, id: verdict.id, reason: verdict.reason }
    case 'quarantine':
      return {
        when,
        kind: 'quarantine',
        id: verdict.document._id,
        reason: verdict.reasons.map(({ code, name }) => (name ? `${code} ${name}` : code)).join(', '),
      }
    default:
      return verdict satisfies never
  }
}
