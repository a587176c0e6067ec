import { ProblemError } from '../../problem.ts'
import { type SdmxDataset, type SdmxObservation, structureDimensions } from './dataset.ts'

/** Which codes a request wants, per dimension; no entry: all. */
export type Wanted = ReadonlyMap<string, (code: string) => boolean>

/**
 * The key of a data URL: codes by position, `.` between dimensions, empty or `*` for all, `+` or `,` for or. The time dimension is not part of it.
 * @source sdmx-rest 1.5 and 2.2
 */
export function parseKey(key: string | undefined): Wanted {
  const wanted = new Map<string, (code: string) => boolean>()
  if (!key || key === 'all' || key === '*') return wanted
  const parts = key.split('.')
  const positions = structureDimensions.filter((id) => id !== 'TIME_PERIOD')
  if (parts.length > positions.length)
    throw new ProblemError(
      'invalid-request',
      `The key has ${parts.length} positions; this structure has ${positions.length}: ${positions.join('.')}.`,
    )
  parts.forEach((part, index) => {
    const id = positions[index]
    if (id === undefined || part === '' || part === '*') return
    const codes = new Set(part.split(/[+,]/))
    wanted.set(id, (code) => codes.has(code))
  })
  return wanted
}

/**
 * `c[SEX]=F,M`, `c[TIME_PERIOD]=ge:2023+le:2025`, and v1's startPeriod and endPeriod, from the raw query string:
 * in it `+` means and, which a form parser would turn into a space.
 */
export function parseComponents(query: string): Wanted {
  const wanted = new Map<string, (code: string) => boolean>()
  for (const part of query.split('&').filter((each) => each !== '')) {
    const [rawName = '', rawValue = ''] = part.split(/=(.*)/s)
    const name = decodeURIComponent(rawName)
    const value = decodeURIComponent(rawValue)
    const component = /^c\[(\w+)\]$/.exec(name)?.[1]
    if (component) {
      if (!(structureDimensions as readonly string[]).includes(component))
        throw new ProblemError('invalid-request', `c[${component}] is not a dimension of this structure.`)
      const tests = value.split('+').map(condition)
      wanted.set(component, (code) => tests.every((test) => test(code)))
    }
    if (name === 'startPeriod' || name === 'endPeriod') {
      const before = wanted.get('TIME_PERIOD') ?? (() => true)
      wanted.set('TIME_PERIOD', (code) => before(code) && (name === 'startPeriod' ? code >= value.slice(0, 4) : code <= value.slice(0, 4)))
    }
  }
  return wanted
}

function condition(text: string): (code: string) => boolean {
  const [, operator = 'eq', operand = text] = /^(eq|ne|lt|le|gt|ge):(.*)$/s.exec(text) ?? []
  const codes = operand.split(',')
  const [first = ''] = codes
  switch (operator) {
    case 'ne':
      return (code) => !codes.includes(code)
    case 'lt':
      return (code) => code < first
    case 'le':
      return (code) => code <= first
    case 'gt':
      return (code) => code > first
    case 'ge':
      return (code) => code >= first
    default:
      return (code) => codes.includes(code)
  }
}

/** The observations that every condition wants. */
export function select(dataset: SdmxDataset, ...conditions: readonly Wanted[]): SdmxDataset {
  const keeps = ({ key }: SdmxObservation) =>
    conditions.every((wanted) => structureDimensions.every((id, index) => wanted.get(id)?.(key[index] ?? '') ?? true))
  const observations = dataset.observations.filter(keeps)
  const used = structureDimensions.map((_, index) => new Set(observations.map(({ key }) => key[index])))
  return {
    ...dataset,
    observations,
    codes: new Map(structureDimensions.map((id, index) => [id, (dataset.codes.get(id) ?? []).filter((code) => used[index]?.has(code.id))])),
  }
}
