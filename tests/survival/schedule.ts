// A schedule is data: what happens to phones, network and servers, in order. A seed makes one; shrinking makes it shorter.
import { createRandom, type Random } from '../simulation/random.ts'

/** What happens to one request between phone and gateway. */
export type Fault =
  /** It never arrives. */
  | 'dropped'
  /** It arrives and is answered, and the answer is lost. */
  | 'answer-lost'
  /** Half of it arrives. */
  | 'cut-off'
  /** Nobody answers until the phone gives up; it may have arrived or not. */
  | 'hangs'
  | 'hangs-after'
  /** A proxy sends it twice and passes on the second answer. */
  | 'doubled'
  /** Somebody else answers: a login page with 200 or 401, an empty list, an empty object. */
  | 'login-page'
  | 'login-page-401'
  | 'empty-list'
  | 'empty-object'
  /** The answer ends in the middle. */
  | 'answer-cut'
  /** A cache answers with what it had for this address. */
  | 'stale'
  /** One character of a record is changed on the way. */
  | 'damaged'
  | 'too-large'
  | 'too-many'
  | 'bad-gateway'
  /** The gateway process dies before or after the store has written, and is started again. */
  | 'dies-before-write'
  | 'dies-after-write'

export interface RequestFault {
  /** Which request of the run, from 0. */
  readonly at: number
  readonly fault: Fault
  /** Only for requests whose address has this in it. */
  readonly path?: string
}

export type Step =
  | { readonly do: 'interview'; readonly phone: number; readonly count: number; readonly elsewhere?: boolean }
  /** One run of the phone's sync. It is killed at its n-th write when `killAt` is set. */
  | { readonly do: 'sync'; readonly phone: number; readonly faults: readonly RequestFault[]; readonly killAt?: number }
  | { readonly do: 'free'; readonly phone: number; readonly killAt?: number }
  | { readonly do: 'ingest'; readonly limit: number; readonly dies?: 'before-commit' | 'after-commit' }
  | { readonly do: 'replay' }
  | { readonly do: 'backup' }
  | { readonly do: 'restore'; readonly what: 'all' | 'inbox' | 'warehouse' | 'office' | 'nothing-left' }
  | { readonly do: 'restart'; readonly gateway: number }
  | { readonly do: 'disk'; readonly full: boolean }
  /** So many of three nodes answer; with one, writes are accepted by it alone and may vanish. */
  | { readonly do: 'cluster'; readonly nodes: 1 | 2 | 3 }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'clock'; readonly phone: number; readonly year: number }
  | { readonly do: 'revoke'; readonly phone: number }
  | { readonly do: 'invite'; readonly phone: number }
  | { readonly do: 'clone'; readonly phone: number }
  | { readonly do: 'attack'; readonly phone: number; readonly how: Attack }

export const attacks = [
  'design',
  'deleted',
  'forged-revision',
  'other-device',
  'prototype',
  'overwrite',
  'bomb',
  'other-checkpoint',
] as const
export type Attack = (typeof attacks)[number]

export interface Schedule {
  readonly seed: number
  readonly phones: number
  readonly steps: readonly Step[]
  /** Phones use real PouchDB for outbox and config; slower, for backlogs. */
  readonly realPouch?: boolean
}

const faults: readonly Fault[] = [
  'dropped',
  'answer-lost',
  'cut-off',
  'hangs',
  'hangs-after',
  'doubled',
  'login-page',
  'login-page-401',
  'empty-list',
  'empty-object',
  'answer-cut',
  'stale',
  'damaged',
  'too-large',
  'too-many',
  'bad-gateway',
  'dies-before-write',
  'dies-after-write',
]

const weights = {
  interview: 22,
  sync: 34,
  free: 6,
  ingest: 14,
  replay: 2,
  backup: 6,
  restore: 4,
  restart: 3,
  disk: 2,
  cluster: 2,
  pass: 6,
  clock: 2,
  revoke: 1,
  invite: 1,
  clone: 1,
  attack: 2,
} as const

/** The schedule of a seed: the same today and tomorrow. */
export function makeSchedule(seed: number): Schedule {
  const random = createRandom(seed)
  const phones = random.whole(1, 3)
  const length = random.whole(8, 36)
  return { seed, phones, steps: Array.from({ length }, () => makeStep(random, phones)) }
}

function makeStep(random: Random, phones: number): Step {
  const phone = random.whole(0, phones - 1)
  const kind = random.weighted(weights)
  switch (kind) {
    case 'interview':
      return { do: kind, phone, count: random.whole(1, 4), ...(random.chance(0.05) ? { elsewhere: true } : {}) }
    case 'sync':
      return { do: kind, phone, faults: makeFaults(random), ...(random.chance(0.15) ? { killAt: random.whole(0, 8) } : {}) }
    case 'free':
      return { do: kind, phone, ...(random.chance(0.2) ? { killAt: random.whole(0, 2) } : {}) }
    case 'ingest':
      return {
        do: kind,
        limit: random.pick([1, 3, 1000]),
        ...(random.chance(0.25) ? { dies: random.pick(['before-commit', 'after-commit'] as const) } : {}),
      }
    case 'restore':
      return { do: kind, what: random.pick(['all', 'inbox', 'warehouse', 'office', 'nothing-left'] as const) }
    case 'restart':
      return { do: kind, gateway: random.whole(0, 1) }
    case 'disk':
      return { do: kind, full: random.chance(0.6) }
    case 'cluster':
      return { do: kind, nodes: random.pick([1, 2, 3] as const) }
    case 'pass':
      return { do: kind, minutes: random.pick([1, 20, 60 * 8, 60 * 24 * 3, 60 * 24 * 100]) }
    case 'clock':
      return { do: kind, phone, year: random.pick([1970, 2001, 2026, 2099]) }
    case 'attack':
      return { do: kind, phone, how: random.pick(attacks) }
    case 'revoke':
    case 'invite':
    case 'clone':
      return { do: kind, phone }
    case 'replay':
    case 'backup':
      return { do: kind }
    default:
      return kind satisfies never
  }
}

function makeFaults(random: Random): readonly RequestFault[] {
  if (random.chance(0.3)) return []
  return Array.from({ length: random.whole(1, 4) }, () => ({ at: random.whole(0, 7), fault: random.pick(faults) }))
}

/** How many faults a schedule has, for the report. */
export function countFaults({ steps }: Schedule): number {
  return steps.reduce((sum, step) => sum + faultsOf(step), 0)
}

function faultsOf(step: Step): number {
  switch (step.do) {
    case 'sync':
      return step.faults.length + (step.killAt === undefined ? 0 : 1)
    case 'free':
      return step.killAt === undefined ? 0 : 1
    case 'ingest':
      return step.dies === undefined ? 0 : 1
    case 'interview':
    case 'backup':
    case 'invite':
    case 'pass':
      return 0
    default:
      return 1
  }
}
