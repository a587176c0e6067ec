// Disclosure control against its goals. `npm run bench:disclosure -- [--json FILE] [--quick] [--only elimination,records,plan,rounded,reference]`; seeded, no network.
// Parts run one by one add to the same JSON file.
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { protectSystem } from '../aggregator/disclosure/tables/protect-system.ts'
import { DuckDBInstance } from '@duckdb/node-api'
import { generalize, type MicrodataSpec } from '../aggregator/disclosure/microdata/anonymize.ts'
import { ageHierarchy, codeHierarchy, type QuasiIdentifier } from '../aggregator/disclosure/microdata/hierarchy.ts'
import { eliminate } from '../aggregator/disclosure/tables/eliminate.ts'
import { makeCertificate } from '../aggregator/disclosure/tables/certificate.ts'
import { prime } from '../aggregator/disclosure/tables/modular.ts'
import { primaryCells } from '../aggregator/disclosure/tables/primary.ts'
import { loadSolver } from '../aggregator/disclosure/tables/solver.ts'
import { cellColumns } from '../aggregator/disclosure/tables/system.ts'
import { verifyCertificate } from '../aggregator/disclosure/tables/verify-certificate.ts'
import { compareWithReference } from './disclosure/gauss-suppression.ts'
import { areaTree, flatTree, leavesOfTree, madeUpInner, openRules, systemOf } from '../tests/aggregator/disclosure/tables/made-up-system.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const results: Record<string, number> = {}
const note = (name: string, value: number, unit = '') => {
  results[name] = Math.round(value * 1000) / 1000
  console.log(`${name.padEnd(22)} ${results[name]} ${unit}`)
}
const seconds = (from: number) => (performance.now() - from) / 1000

/** Sex 2 x age 17 x status 6 x areas in 3 levels, all margins, elimination only. */
function elimination(levels: readonly number[]): void {
  const area = areaTree(levels)
  const trees = [area, flatTree(2), flatTree(17), flatTree(6)]
  const system = systemOf(trees, madeUpInner(leavesOfTree(area).length, 2, 17, 6, 7))
  const started = performance.now()
  const cells = system.counts.length
  const primary = primaryCells(system, 10, new Uint8Array(cells))
  const candidates = Int32Array.from(
    [...system.counts.keys()].filter((cell) => !primary[cell]).sort((a, b) => (system.counts[b] ?? 0) - (system.counts[a] ?? 0) || a - b),
  )
  const done = eliminate({ columns: cellColumns(system), candidates, protectedColumns: primary })
  const published = done.published.reduce((sum, each) => sum + each, 0)
  const small = primary.reduce((sum, each) => sum + each, 0)
  console.log(`elimination of ${cells} cells: ${small} small, ${cells - small - published} more withheld`)
  note(levels.length === 3 && cells === 461_538 ? 'gauss_461538_s' : `gauss_${cells}_s`, seconds(started), 's')
  note('gauss_rss_mb', process.memoryUsage().rss / 1e6, 'MB')
  const certificate = makeCertificate(system, done.reduced, prime, 1)
  const checking = performance.now()
  const check = verifyCertificate(
    trees.map((parents) => ({ parents })),
    prime,
    certificate.values,
    system.nodes,
    done.published,
    primary,
  )
  if (!check.isProof) throw new Error('The certificate of the large table does not verify.')
  note('certificate_s', seconds(checking), 's')
}

/** Barangay: sex x status and sex x age; municipality and above: sex x age x status. */
async function plan(levels: readonly number[], rounding: number): Promise<void> {
  const area = areaTree(levels)
  const leaves = new Set(leavesOfTree(area))
  const trees = [area, flatTree(2), flatTree(4), flatTree(6)]
  const system = systemOf(
    trees,
    madeUpInner(leaves.size, 2, 4, 6, 11),
    ([place = 0, , age, status]) => !leaves.has(place) || age === 0 || status === 0,
  )
  const base = Uint8Array.from(system.counts, (_, cell) => (leaves.has(system.nodes[cell * 4] ?? 0) ? rounding : 0))
  const highs = await loadSolver()
  const before = process.cpuUsage()
  const started = performance.now()
  const made = protectSystem(highs, system, openRules(system, 10, { areaAxis: 0, rounding: base }))
  const time = seconds(started)
  const { user } = process.cpuUsage(before)
  const published = made.published.reduce((sum, each) => sum + each, 0)
  const small = made.primary.reduce((sum, each) => sum + each, 0)
  console.log(
    `plan of ${system.counts.length} cells, rounding ${rounding}: ${small} small, ${published} published, ${made.rounds} rounds, ${made.linearPrograms} linear programs, ${(user / 1e6).toFixed(1)} s of one core`,
  )
  if (rounding === 0) {
    note('plan_cells', system.counts.length)
    note('plan_certified_s', time, 's')
    note('plan_unsafe', made.unsafe.length)
  } else note('rounded_plan_s', time, 's')
}

/** Records with 7 quasi-identifiers, a lattice of 2,160 nodes, k = 5, l = 2, at most 1% outside: the optimum, then cell suppression. */
async function microdata(records: number): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const codes = (count: number) => Array.from({ length: count }, (_, at) => String(at))
  const nested = (column: string, counts: readonly number[], importance: number): QuasiIdentifier => {
    const [first = 1] = counts
    const levels = counts.map((count) => codes(first).map((_, at) => Math.floor((at * count) / first)))
    return { column, levels, labels: counts.map(codes), importance }
  }
  const identifiers = [
    ageHierarchy('age'),
    nested('area', [1000, 200, 20, 4, 1], 2),
    nested('education', [9, 3, 1], 1),
    nested('size', [12, 3, 1], 1),
    codeHierarchy('sex', ['F', 'M'], [], 3),
    codeHierarchy('married', ['0', '1'], [], 1),
    codeHierarchy('works', ['0', '1'], [], 1),
  ]
  await connection.run(`create table people as select (hash(i) % 90)::integer as age, floor(1000 * pow((hash(i + 1) % 100000) / 100000.0, 2))::integer as area,
    (hash(i + 2) % 9)::integer as education, (hash(i + 3) % 12)::integer as size, (hash(i + 4) % 2)::integer as sex, (hash(i + 5) % 2)::integer as married,
    (hash(i + 6) % 2)::integer as works, case when hash(i + 8) % 10 < 7 then 0 else hash(i + 9) % 6 end as status from range(${records}) t(i)`)
  const spec: MicrodataSpec = {
    release: 'bench',
    level: 'person',
    identifiers,
    sensitive: { column: 'status', labels: codes(6) },
    household: null,
    k: 5,
    l: 2,
    limit: 0.01,
    sample: 1,
    seed: 'bench',
  }
  const started = performance.now()
  const search = await generalize(connection, 'people', spec)
  const time = seconds(started)
  const [worst] = (
    await connection.runAndReadAll(
      'select min(n)::integer, min(v)::integer from (select count(*) as n, count(distinct s) as v from done group by q0, q1, q2, q3, q4, q5, q6)',
    )
  ).getRows()
  console.log(
    `${records} records: ${search.checks} of ${search.nodes} nodes counted, levels ${search.best.join(' ')}, least class ${String(worst?.[0])}, least values ${String(worst?.[1])}`,
  )
  note('micro_1m_s', time, 's')
}

/** The same tables through R, where it is installed with SSBtools: equal patterns, and how much faster. */
function reference(): void {
  const compared = compareWithReference()
  if (!compared) {
    console.log(
      'reference              R with SSBtools is not here; patterns it gave are in tests/aggregator/disclosure/tables/reference-patterns.json',
    )
    return
  }
  for (const { table, cells, secondary, differences, oursSeconds, referenceSeconds, version } of compared)
    console.log(
      `${cells} cells (${table}): ${secondary} withheld, ${differences} different from SSBtools ${version}; ${oursSeconds.toFixed(2)} s against ${referenceSeconds.toFixed(2)} s, ratio ${(referenceSeconds / oursSeconds).toFixed(1)}`,
    )
}

const levels = options.quick ? [5, 5, 4] : [20, 10, 5]
const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  elimination: () => elimination(options.quick ? [4, 5, 5] : [20, 10, 5]),
  records: () => microdata(options.quick ? 100_000 : 1_000_000),
  plan: () => plan(levels, 0),
  rounded: () => plan(levels, 5),
  reference,
}
for (const part of options.only?.split(',') ?? Object.keys(parts)) await parts[part]?.()
if (options.json) {
  const before = options.only ? await readFile(options.json, 'utf8').catch(() => '{}') : '{}'
  await writeFile(options.json, `${JSON.stringify({ ...(JSON.parse(before) as object), ...results })}\n`)
}
