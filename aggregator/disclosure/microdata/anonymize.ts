import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ProblemError } from '../../problem.ts'
import type { ProtectedExtract } from '../protected.ts'
import { groupBy } from './group-by.ts'
import { checkHierarchy, type QuasiIdentifier } from './hierarchy.ts'
import { type LatticeSearch, mapped, searchLattice } from './lattice.ts'
import { type MicrodataRisk, riskOf } from './risk.ts'

export interface MicrodataSpec {
  readonly release: string
  readonly level: 'person' | 'household'
  /** Codes 0, 1, 2 ... in columns of the source table. */
  readonly identifiers: readonly QuasiIdentifier[]
  /** A code 0..31 per record that must vary within every class, e.g. migration status; its labels by code. */
  readonly sensitive: { readonly column: string; readonly labels: readonly string[] }
  /** Column that tells which records are of one household; null when there are none. */
  readonly household: string | null
  readonly k: number
  readonly l: number
  /** Share of records that may be outside safe classes before cell suppression, 0..0.05. */
  readonly limit: number
  /** Share of households released, at most 1/2 of an enumeration: class sizes are then no population counts. */
  readonly sample: number
  /** Secret; decides the sample and the order. */
  readonly seed: string
}

export interface AnonymizedMicrodata {
  readonly extract: ProtectedExtract
  readonly search: LatticeSearch
  readonly risk: MicrodataRisk
  readonly utility: {
    readonly records: number
    readonly dropped: number
    readonly suppressedCells: Readonly<Record<string, number>>
    readonly splitHouseholds: number
  }
}

/**
 * Makes an extract of single records in which everybody is alike to at least k - 1 others, each class holds at least l
 * sensitive values, and households cannot be put together by who lives in them unless k of them are alike.
 * @param source name of a table or view in the connection, with the columns of the specification.
 */
export async function anonymize(connection: DuckDBConnection, source: string, spec: MicrodataSpec): Promise<AnonymizedMicrodata> {
  const search = await generalize(connection, source, spec)
  const rows = await readRows(connection, spec)
  const { released, splitHouseholds } = numbered(rows, spec)
  const utility = await utilityOf(connection, spec, splitHouseholds)
  const risk = riskOf(released, spec)
  if (released.length > 0 && (risk.leastClass < spec.k || risk.leastValues < spec.l))
    throw new ProblemError('release-unsafe', 'The second count of the extract found a class that is too small; nothing was released.')
  return { extract: asExtract(released, spec, search), search, risk, utility }
}

/** The part that runs in the database: sample, best generalization, cell suppression. Leaves the table `done`, and `rest` of what had to go. */
export async function generalize(connection: DuckDBConnection, source: string, spec: MicrodataSpec): Promise<LatticeSearch> {
  spec.identifiers.forEach(checkHierarchy)
  if (!(spec.sample > 0 && spec.sample <= 1)) throw new RangeError('The sampled share lies above 0 and at most at 1.')
  await takeSample(connection, source, spec)
  const search = await searchBest(connection, spec)
  await suppressCells(connection, spec, search)
  return search
}

/** Whole households are drawn by a keyed hash, so that nobody can tell who is in the sample. */
async function takeSample(connection: DuckDBConnection, source: string, spec: MicrodataSpec): Promise<void> {
  const columns = spec.identifiers.map(({ column }, at) => `"${column}"::usmallint as q${at}`).join(', ')
  const unit = spec.household ? `"${spec.household}"::varchar` : 'rowid::varchar'
  const salt = createHash('sha256').update(spec.seed).digest('hex')
  await connection.run(`create or replace temp table sampled as
    select ${columns}, "${spec.sensitive.column}"::utinyint as s, ${unit} as household, sha256('${salt}' || ${unit}) as lot
    from ${source}
    where ('0x' || left(sha256('${salt}' || ${unit}), 8))::bigint < ${Math.round(spec.sample * 2 ** 32)}`)
}

async function searchBest(connection: DuckDBConnection, spec: MicrodataSpec): Promise<LatticeSearch> {
  const names = spec.identifiers.map((_, at) => `q${at}`).join(', ')
  await connection.run(
    `create or replace temp table base as select ${names}, count(*)::bigint as n, bit_or((1::bigint << s::bigint)) as b from sampled group by all`,
  )
  const total = Number((await connection.runAndReadAll('select count(*)::integer from sampled')).getRows()[0]?.[0] ?? 0)
  return searchLattice({ connection, identifiers: spec.identifiers, k: spec.k, l: spec.l, mostOutside: Math.floor(total * spec.limit) })
}

const hidden = 65_535

/**
 * Records that are still in no safe class lose one quasi-identifier after the other, the least important first, and are grouped
 * among themselves only: `*` is a value of its own and never stands for every other, which would overstate safety.
 */
async function suppressCells(connection: DuckDBConnection, spec: MicrodataSpec, { best }: LatticeSearch): Promise<void> {
  const all = spec.identifiers.map((_, at) => at)
  const columns = spec.identifiers
    .map((identifier, at) => `${mapped(identifier, 0, best[at] ?? 0, `q${at}`)}::usmallint as q${at}`)
    .join(', ')
  const names = all.map((at) => `q${at}`).join(', ')
  const isSafe = `count(*) over (partition by ${names}) >= ${spec.k} and bit_count(bit_or(1::bigint << s::bigint) over (partition by ${names})) >= ${spec.l}`
  await connection.run(`create or replace temp table general as select ${columns}, s, household, lot from sampled`)
  await connection.run(`create or replace temp table done as select * exclude (ok) from (select *, ${isSafe} as ok from general) where ok`)
  await connection.run(
    `create or replace temp table rest as select * exclude (ok) from (select *, ${isSafe} as ok from general) where not ok`,
  )
  const order = [...all].sort((a, b) => (spec.identifiers[a]?.importance ?? 0) - (spec.identifiers[b]?.importance ?? 0))
  for (const at of order) {
    await connection.run(`update rest set q${at} = ${hidden}`)
    await connection.run(`create or replace temp table judged as select *, ${isSafe} as ok from rest`)
    await connection.run('insert into done select * exclude (ok) from judged where ok')
    await connection.run('create or replace temp table rest as select * exclude (ok) from judged where not ok')
  }
}

export interface ReleasedRecord {
  readonly codes: readonly (number | null)[]
  readonly sensitive: number
  /** Random number of the household in this extract; null when its composition would give it away. */
  household: number | null
}

interface RawRecord {
  readonly codes: readonly (number | null)[]
  readonly sensitive: number
  readonly household: string
}

async function readRows(connection: DuckDBConnection, spec: MicrodataSpec): Promise<readonly RawRecord[]> {
  const names = spec.identifiers.map((_, at) => `q${at}::integer`).join(', ')
  // The order is that of a keyed hash: neither the order of interviews nor of areas is left.
  const found = await connection.runAndReadAll(
    `select ${names}, s::integer, household from done order by sha256(lot || s::varchar || ${spec.identifiers.map((_, at) => `q${at}::varchar`).join(' || ')})`,
  )
  return found.getRows().map((row) => ({
    codes: spec.identifiers.map((_, at) => (Number(row[at]) === hidden ? null : Number(row[at]))),
    sensitive: Number(row[spec.identifiers.length]),
    household: String(row[spec.identifiers.length + 1]),
  }))
}

/** Fresh household numbers; only households that share their composition with k - 1 others keep their members together. */
function numbered(
  rows: readonly RawRecord[],
  spec: MicrodataSpec,
): { readonly released: readonly ReleasedRecord[]; readonly splitHouseholds: number } {
  if (spec.household === null)
    return { released: rows.map(({ codes, sensitive }) => ({ codes, sensitive, household: null })), splitHouseholds: 0 }
  const members = groupBy(rows, ({ household }) => household)
  const composition = new Map(
    [...members].map(([id, people]) => [
      id,
      people
        .map(({ codes, sensitive }) => `${codes.join()}/${sensitive}`)
        .toSorted()
        .join(' '),
    ]),
  )
  const alike = new Map<string, number>()
  for (const each of composition.values()) alike.set(each, (alike.get(each) ?? 0) + 1)
  const numbers = new Map<string, number>()
  let splitHouseholds = 0
  for (const id of members.keys()) {
    if ((alike.get(composition.get(id) ?? '') ?? 0) >= spec.k) numbers.set(id, numbers.size + 1)
    else splitHouseholds++
  }
  return {
    released: rows.map(({ codes, sensitive, household }) => ({ codes, sensitive, household: numbers.get(household) ?? null })),
    splitHouseholds,
  }
}

async function utilityOf(
  connection: DuckDBConnection,
  spec: MicrodataSpec,
  splitHouseholds: number,
): Promise<AnonymizedMicrodata['utility']> {
  const hiddenCounts = spec.identifiers.map((_, at) => `(count(*) filter (where q${at} = ${hidden}))::integer`).join(', ')
  const [counts] = (
    await connection.runAndReadAll(`select count(*)::integer, (select count(*)::integer from rest), ${hiddenCounts} from done`)
  ).getRows()
  return {
    records: Number(counts?.[0] ?? 0),
    dropped: Number(counts?.[1] ?? 0),
    suppressedCells: Object.fromEntries(spec.identifiers.map(({ column }, at) => [column, Number(counts?.[at + 2] ?? 0)])),
    splitHouseholds,
  }
}

function asExtract(rows: readonly ReleasedRecord[], spec: MicrodataSpec, { best }: LatticeSearch): ProtectedExtract {
  const wordOf = (code: number | null, at: number) => (code === null ? '*' : (spec.identifiers[at]?.labels[best[at] ?? 0]?.[code] ?? ''))
  const extract = {
    schema: 'extract/1',
    release: spec.release,
    level: spec.level,
    columns: [
      { name: 'record', type: 'integer', label: 'Random number of the record in this extract' },
      ...(spec.household
        ? [{ name: 'household', type: 'integer', label: 'Random number of the household; empty when its members would be found by it' }]
        : []),
      ...spec.identifiers.map(({ column, levels }, at) => ({
        name: column,
        type: 'code',
        label: `${column}, grouped at step ${best[at] ?? 0} of ${levels.length - 1}; * where it is hidden`,
      })),
      { name: spec.sensitive.column, type: 'code', label: spec.sensitive.column },
    ],
    rows: rows.map(({ codes, sensitive, household }, at) => [
      at + 1,
      ...(spec.household ? [household] : []),
      ...codes.map(wordOf),
      spec.sensitive.labels[sensitive] ?? '',
    ]),
  }
  return Object.freeze(extract) as unknown as ProtectedExtract
}
