import { ProblemError } from '../../problem.ts'
import type { SdmxDataset, SdmxObservation } from './dataset.ts'

/** What a question about time and number of observations asks for. */
export interface Moment {
  /** The data as they stood then. */
  readonly asOf: Date | null
  /** Only what is new or other than it was then. */
  readonly updatedAfter: Date | null
}

/**
 * `asOf` and `updatedAfter`, from the raw query string, in which `+` is part of a time zone. `firstNObservations` and
 * `lastNObservations` count along a series; a release has one period, so whatever number is asked for, every series is whole.
 * @throws ProblemError `invalid-request`, also for parameters of the standard that are not answered: ignoring them would answer another question.
 * @source sdmx-rest 2.2
 */
export function parseMoment(query: string): Moment {
  const parameters = new Map(
    query.split('&').map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/s)
      return [name, decodeURIComponent(value)] as const
    }),
  )
  for (const name of ['firstNObservations', 'lastNObservations']) {
    const value = parameters.get(name)
    if (value !== undefined && !/^[1-9]\d{0,8}$/.test(value)) throw new ProblemError('invalid-request', `${name} is a whole number from 1.`)
  }
  for (const name of ['limit', 'offset', 'sort'])
    if (parameters.has(name)) throw new ProblemError('invalid-request', `${name} is not answered here; ask without it, or narrow the key.`)
  if ((parameters.get('includeHistory') ?? 'false') !== 'false')
    throw new ProblemError('invalid-request', 'A message holds one release. Ask for each with asOf; /api/v1/releases lists them.')
  return { asOf: instant('asOf', parameters.get('asOf')), updatedAfter: instant('updatedAfter', parameters.get('updatedAfter')) }
}

function instant(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null
  // A date-time without a zone is taken as UTC, so that the answer does not depend on where the server stands.
  const [, day, time = 'T00:00:00', zone = 'Z'] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const date = new Date(`${day ?? ''}${time}${zone}`)
  if (day === undefined || Number.isNaN(date.getTime()))
    throw new ProblemError('invalid-request', `${name} is a date or date-time such as 2026-11-21T10:00:00Z.`)
  return date
}

/**
 * The observations that are new, or have another value or status than before.
 * @throws ProblemError `invalid-request` when a cell of the same period is gone: a list of changes could not say so in every format.
 */
export function changedSince(now: SdmxDataset, before: SdmxDataset): SdmxDataset {
  const named = ({ key }: SdmxObservation) => key.join('.')
  const known = new Map(before.observations.map((each) => [named(each), each]))
  const present = new Set(now.observations.map(named))
  const periods = new Set(now.observations.map(({ key }) => key.at(-1)))
  if (before.observations.some((each) => periods.has(each.key.at(-1)) && !present.has(named(each))))
    throw new ProblemError(
      'invalid-request',
      'Cells of the earlier release are no longer there; take the whole data again, without updatedAfter.',
    )
  const same = (a: SdmxObservation | undefined, b: SdmxObservation) => a?.value === b.value && a.status === b.status && a.unit === b.unit
  return { ...now, observations: now.observations.filter((each) => !same(known.get(named(each)), each)) }
}
