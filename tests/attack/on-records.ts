import { createHash, createHmac, randomBytes } from 'node:crypto'
import { DuckDBInstance } from '@duckdb/node-api'
import { anonymize, type MicrodataSpec } from '../../aggregator/disclosure/microdata/anonymize.ts'
import { ageHierarchy, codeHierarchy } from '../../aggregator/disclosure/microdata/hierarchy.ts'
import { mayReleaseRecords } from '../../aggregator/disclosure/microdata/permission.ts'
import type { Attack } from './outcome.ts'

type Row = readonly (string | number | null)[]

const statuses = ['NON', 'RETURN', 'FOREIGN', 'INTERNAL']
const spec: MicrodataSpec = {
  release: 'attack',
  level: 'person',
  identifiers: [
    ageHierarchy('age'),
    codeHierarchy('sex', ['F', 'M'], [], 3),
    codeHierarchy(
      'size',
      ['1', '2', '3', '4', '5', '6'],
      [
        ['1-3', ['1', '2', '3']],
        ['4+', ['4', '5', '6']],
      ],
    ),
    codeHierarchy(
      'school',
      ['0', '1', '2', '3'],
      [
        ['low', ['0', '1']],
        ['high', ['2', '3']],
      ],
    ),
  ],
  sensitive: { column: 'status', labels: statuses },
  household: 'home',
  k: 10,
  l: 2,
  limit: 0.01,
  sample: 1 / 3,
  seed: 'not known to the attacker',
}

interface Town {
  readonly truth: readonly Row[]
  readonly rows: readonly Row[]
  /** First quasi-identifier column of the extract. */
  readonly first: number
}

async function town(change: Partial<MicrodataSpec> = {}): Promise<Town> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`create table people as select (hash(i) % 85)::integer as age, (hash(i * 3) % 2)::integer as sex, (hash(i // 4 + 7) % 6)::integer as size, (hash(i * 11) % 4)::integer as school,
    case when hash(i * 5) % 100 < 80 then 0 when hash(i * 5) % 100 < 88 then 1 when hash(i * 5) % 100 < 90 then 2 else 3 end as status, i // 4 as home from range(20000) t(i)`)
  const truth = (await connection.runAndReadAll('select age, sex, size, school, status, home::integer from people')).getRows() as Row[]
  const { extract } = await anonymize(connection, 'people', { ...spec, ...change })
  connection.closeSync()
  return { truth, rows: extract.rows, first: extract.columns.findIndex(({ name }) => name === 'age') }
}

function sizes(rows: readonly Row[], columns: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(columns(row), [...(found.get(columns(row)) ?? []), row])
  return found
}

const quasi = (first: number) => (row: Row) => row.slice(first, first + spec.identifiers.length).join('|')

/** T11: k, l and households counted again on the exported rows. */
export const recount: Attack = async () => {
  const { rows, first } = await town()
  const count = (each: readonly Row[]) => Math.min(...[...sizes(each, quasi(first)).values()].map(({ length }) => length))
  const values = Math.min(...[...sizes(rows, quasi(first)).values()].map((members) => new Set(members.map((row) => row.at(-1))).size))
  // Hiding one field and calling it "could be anybody" does not put a record into a class.
  const wildcard = rows.map((row, at) => (at === 0 ? row.with(first, null) : row))
  return {
    id: 'T11',
    title: 'k and l hold on the file itself',
    pass: count(rows) >= spec.k && values >= spec.l,
    mutant_caught: count(wildcard) < spec.k,
    note: `least class ${count(rows)}, least values ${values}`,
  }
}

/** T12: a file with names, most of it right, laid beside the extract. */
export const linkage: Attack = async () => {
  const honest = await town()
  const correct = matches(honest)
  const raw = await town()
  const open: Town = { ...raw, first: 0, rows: raw.truth.slice(0, 3000).map((row) => [...row.slice(0, 4), statuses[Number(row[4])] ?? '']) }
  const mutant = openMatches(open)
  return {
    id: 'T12',
    title: 'an outside register finds no more people than chance',
    pass: correct === 0,
    mutant_caught: mutant > 0.01,
    note: `${correct} unique matches in the extract; ${(100 * mutant).toFixed(1)}% of records with single years of age`,
  }
}

/** People of the register whose generalized description fits exactly one record. */
function matches({ rows, first }: Town): number {
  return [...sizes(rows, quasi(first)).values()].filter(({ length }) => length === 1).length
}

function openMatches({ rows }: Town): number {
  const unique = [...sizes(rows, (row) => row.slice(0, 4).join('|')).values()].filter(({ length }) => length === 1).length
  return unique / rows.length
}

/** T13: no record is alone in any combination of up to four quasi-identifiers. */
export const uniques: Attack = async () => {
  const { rows, first, truth } = await town()
  const alone = (each: readonly Row[], from: number) => {
    let found = 0
    for (let mask = 1; mask < 2 ** spec.identifiers.length; mask++) {
      const columns = spec.identifiers.map((_, at) => from + at).filter((_, at) => (mask >> at) & 1)
      found += [...sizes(each, (row) => columns.map((column) => row[column]).join('|')).values()].filter(
        ({ length }) => length === 1,
      ).length
    }
    return found
  }
  const [found, mutant] = [alone(rows, first), alone(truth.slice(0, 3000), 0)]
  return {
    id: 'T13',
    title: 'no sample unique in any combination of quasi-identifiers',
    pass: found === 0,
    mutant_caught: mutant > 0,
    note: `${found} in the extract, ${mutant} in raw records`,
  }
}

/** T14: small figures of the tables cannot be counted from the records. */
export const tabulatedRecords: Attack = async () => {
  const small = mayReleaseRecords({ residents: 1500, frame: 1500 }, 'licensed')
  const large = mayReleaseRecords({ residents: 25_000, frame: 20_000 }, 'licensed')
  const [sampled, full] = [await town(), await town({ sample: 1, household: null })]
  const foreign = (rows: readonly Row[]) => rows.filter((row) => row.at(-1) === 'FOREIGN').length
  const truth = sampled.truth.filter((row) => row[4] === 2).length
  const isExact = (count: number) => count === truth
  return {
    id: 'T14',
    title: 'records are released only from large areas and as a sample, so that no withheld figure can be counted',
    pass: !small.allowed && large.allowed && !isExact(foreign(sampled.rows)) && !isExact(foreign(sampled.rows) * 3),
    mutant_caught: isExact(foreign(full.rows)),
    note: `a village is refused; the sample counts ${foreign(sampled.rows)} of ${truth}, the full enumeration ${foreign(full.rows)}`,
  }
}

/** T16: an attacker with the code and every identifier, without the key. */
export const pseudonymGuess: Attack = async () => {
  const { rows, truth } = await town()
  const homes = [...new Set(truth.map((row) => String(row[5])))]
  const key = randomBytes(32)
  const ids = new Set(homes.map((home) => createHmac('sha256', key).update(home).digest('hex')))
  const plain = new Set(homes.map((home) => createHash('sha256').update(home).digest('hex')))
  const guesses = homes.map((home) => createHash('sha256').update(home).digest('hex'))
  const guessed = homes.map((home) => createHmac('sha256', randomBytes(32)).update(home).digest('hex'))
  const isFresh = rows.every((row, at) => row[0] === at + 1)
  return {
    id: 'T16',
    title: 'no pseudonym is found without its key, none is in the extract',
    pass: isFresh && [...guesses, ...guessed].every((guess) => !ids.has(guess)),
    mutant_caught: guesses.some((guess) => plain.has(guess)),
    note: `${homes.length * 2} guesses`,
  }
}
