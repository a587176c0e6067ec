import { eliminate } from '../../aggregator/disclosure/tables/eliminate.ts'
import { protectSystem } from '../../aggregator/disclosure/tables/protect-system.ts'
import { protectTables } from '../../aggregator/disclosure/protect-tables.ts'
import { loadSolver } from '../../aggregator/disclosure/tables/solver.ts'
import { cellAtoms, cellColumns, type System } from '../../aggregator/disclosure/tables/system.ts'
import { primaryCells } from '../../aggregator/disclosure/tables/primary.ts'
import { communityTables, madeUpPeople } from '../aggregator/disclosure/community.ts'
import { areaTree, flatTree, madeUpInner, openRules, systemOf } from '../aggregator/disclosure/tables/made-up-system.ts'
import { determined, intervals, isBounded } from './attackers.ts'
import { type Fact, type Knowledge, knowledgeOf } from './knowledge.ts'
import type { Attack } from './outcome.ts'
import { targetOf } from './published.ts'

/** A made-up system as an attacker sees it when these cells are printed. */
function seen(system: System, published: Uint8Array, minimum: number): Knowledge {
  const atoms = cellAtoms(system)
  const facts = Array.from(system.counts, (count, cell): Fact & { cell: number } => ({
    cell,
    key: String(cell),
    members: Array.from(atoms.indices.subarray(atoms.starts[cell], atoms.starts[cell + 1])),
    lower: count,
    upper: count,
    exact: true,
  }))
  return {
    indicator: 'made-up',
    unknowns: system.inner.length,
    printed: facts.filter(({ cell }) => published[cell]),
    wanted: facts.filter(({ cell, lower }) => !published[cell] && lower < minimum),
    others: facts.filter(({ cell, lower }) => !published[cell] && lower >= minimum),
  }
}

/** T4: the pattern of elimination equals that of plain Gaussian elimination over fractions, column by column, in the same order. */
export const referencePattern: Attack = () => {
  const system = systemOf(
    [areaTree([2, 2]), flatTree(2), flatTree(4)],
    madeUpInner(4, 1, 2, 4, 21).map((count) => count % 30),
  )
  const primary = primaryCells(system, 10, new Uint8Array(system.counts.length))
  const order = [...system.counts.keys()]
    .filter((cell) => !primary[cell])
    .sort((a, b) => (system.counts[b] ?? 0) - (system.counts[a] ?? 0) || a - b)
  const ours = eliminate({ columns: cellColumns(system), candidates: Int32Array.from(order), protectedColumns: primary }).published.join('')
  const same = plainPattern(system, primary, order) === ours
  return {
    id: 'T4',
    title: 'same pattern as plain Gaussian elimination in the same order',
    pass: same,
    mutant_caught: plainPattern(system, primary, order.toReversed()) !== ours,
    note: `${system.counts.length} cells, reference written here over the inner cells; R is not on this machine`,
  }
}

/** One row per inner cell, a candidate is printed unless some small cell would then lie in the span: rank tested from scratch each time. */
function plainPattern(system: System, primary: Uint8Array, order: readonly number[]): string {
  const atoms = cellAtoms(system)
  const fact = (cell: number): Fact => ({
    key: String(cell),
    members: Array.from(atoms.indices.subarray(atoms.starts[cell], atoms.starts[cell + 1])),
    lower: 0,
    upper: 0,
    exact: true,
  })
  const wanted = [...primary.keys()].filter((cell) => primary[cell]).map(fact)
  const printed: Fact[] = []
  const flags = new Uint8Array(system.counts.length)
  for (const cell of order) {
    const next = [...printed, fact(cell)]
    if (determined({ indicator: '', unknowns: system.inner.length, printed: next, wanted, others: [] }, 33_554_393).length > 0) continue
    printed.push(fact(cell))
    flags[cell] = 1
  }
  return flags.join('')
}

/** T5: eight regions in two groupings; each table alone hides its small cell, together they give it away. */
export const linkedTables: Attack = async ({ solver }) => {
  const counts = [4, 60, 40, 50, 30, 20, 70, 80]
  const leafForm = (members: readonly number[]) => ({ indices: [...members], values: members.map(() => 1) })
  const groups = [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1], [2, 3], [4, 5], [6, 7], [0, 2], [1, 3], [4, 6], [5, 7], ...counts.map((_, at) => [at])]
  const forms = groups.map(leafForm)
  const axis = {
    id: 'REGION',
    coordinates: 8,
    atoms: 8,
    forms,
    atomForms: forms,
    atomNodes: counts.map((_, at) => 9 + at),
    children: forms.map(() => []),
  }
  const system: System = {
    axes: [axis],
    nodes: Int32Array.from(groups.keys()),
    counts: Float64Array.from(groups, (members) => members.reduce((sum, each) => sum + (counts[each] ?? 0), 0)),
    inner: Float64Array.from(counts),
  }
  const made = protectSystem(await loadSolver(), system, openRules(system, 10))
  const bad = intervals(solver, seen(system, made.published, 10), { minimum: 10 }).filter((each) => isBounded(each, 10))
  // Protected by each table's own totals only: its partner in the first grouping is withheld, the second grouping is forgotten.
  const apart = Uint8Array.from(groups, (_, cell) => (cell === 9 || cell === 10 ? 0 : 1))
  const mutant = intervals(solver, seen(system, apart, 10), { minimum: 10 }).filter((each) => isBounded(each, 10))
  return {
    id: 'T5',
    title: 'two groupings of the same regions are one system',
    pass: made.unsafe.length === 0 && bad.length === 0,
    mutant_caught: mutant.length > 0,
    note: `${made.published.reduce((sum, each) => sum + each, 0)} of ${groups.length} printed`,
  }
}

/** T6: two withheld figures in every row and column are not enough. */
export const perLineCounting: Attack = async ({ solver }) => {
  const system = systemOf([flatTree(4), flatTree(4)], [1, 2, 40, 50, 2, 0, 60, 70, 30, 40, 3, 2, 60, 50, 1, 4])
  const made = protectSystem(await loadSolver(), system, openRules(system, 10))
  const bad = intervals(solver, seen(system, made.published, 10), { minimum: 10 }).filter((each) => isBounded(each, 10))
  const perLine = Uint8Array.from(system.counts, (count) => (count < 10 ? 0 : 1))
  const mutant = intervals(solver, seen(system, perLine, 10), { minimum: 10 }).filter((each) => isBounded(each, 10))
  return {
    id: 'T6',
    title: 'two withheld figures per line do not hide one that is pinned by bounds',
    pass: made.unsafe.length === 0 && bad.length === 0,
    mutant_caught: mutant.length > 0,
    note: `${mutant.length} figures bounded with two withheld in every line`,
  }
}

/** T7: the difference of two releases when one person left, moved or was corrected. */
export const differencing: Attack = async () => {
  const people = madeUpPeople(3, 700, 1, 17)
  const release = async (who: typeof people, previous?: Awaited<ReturnType<typeof protectTables>>['memory']) =>
    protectTables(communityTables(who, 3), { release: 'r', indicators: new Map(), ...(previous ? { earlier: [previous] } : {}) })
  const first = await release(people)
  const differences = (second: Awaited<ReturnType<typeof protectTables>>) =>
    second.tables.flatMap((table, at) =>
      table.cells.filter((cell, place) => JSON.stringify(cell) !== JSON.stringify(first.tables[at]?.cells[place])),
    ).length
  let [careful, naive] = [0, 0]
  const who = people.findIndex(({ status }) => status === 0)
  const nexts = [
    people.filter((_, at) => at !== who),
    people.map((person, at) => (at === who ? { ...person, area: (person.area + 1) % 3 } : person)),
    people.map((person, at) => (at === who ? { ...person, status: 5 } : person)),
  ]
  for (const next of nexts) {
    careful += differences(await release(next, first.memory))
    naive += differences(await release(next))
  }
  return {
    id: 'T7',
    title: 'one person who left, moved or was corrected changes no figure of the next release',
    pass: careful === 0,
    mutant_caught: naive > 0,
    note: `${naive} figures differ when the new figures are simply published`,
  }
}

/** T9: a printed group of which (nearly) all have the property says it of each of them. */
export const groupDisclosure: Attack = async ({ solver }) => {
  let [bad, mutants] = [0, 0]
  for (const inside of [50, 48]) {
    const system = systemOf([flatTree(2), flatTree(2)], [inside, 50 - inside, 60, 70])
    const made = protectSystem(await loadSolver(), system, openRules(system, 10))
    bad +=
      intervals(solver, seen(system, made.published, 10), { minimum: 10 }).filter((each) => isBounded(each, 10)).length + made.unsafe.length
    const all = new Uint8Array(system.counts.length).fill(1)
    all[5] = 0
    mutants += intervals(solver, seen(system, all, 10), { minimum: 10 }).filter((each) => isBounded(each, 10)).length
  }
  return {
    id: 'T9',
    title: 'a group that is all alike is not shown to be',
    pass: bad === 0,
    mutant_caught: mutants >= 2,
    note: '50 of 50 and 48 of 50',
  }
}

/** T18: an attacker who is told which withheld figures are small; only tables of restricted indicators promise to stand him. */
export const statusAware: Attack = async ({ target, solver }) => {
  const restricted = new Set(['TIP01', 'DET01', 'DOC06'])
  const told = (knowledge: Knowledge): readonly Fact[] => [
    ...knowledge.wanted.map((fact) => ({ ...fact, lower: 0, upper: target.minimum - 1 })),
    ...knowledge.others.map((fact) => ({ ...fact, lower: target.minimum, upper: 1e6 })),
  ]
  const narrow = (knowledge: Knowledge) =>
    intervals(solver, knowledge, { minimum: target.minimum, extra: told(knowledge) }).filter(({ lower, upper }) => upper - lower < 3).length
  const found = knowledgeOf(target)
    .filter(({ indicator }) => restricted.has(indicator))
    .map(narrow)
  const made = await protectTables(communityTables(madeUpPeople(3, 500, 1, 23), 3), { release: 'r', indicators: new Map() })
  const mutant = knowledgeOf(targetOf(made.tables, made.truth)).map(narrow)
  return {
    id: 'T18',
    title: 'who is told which figures are small finds none of a restricted indicator within 3',
    pass: found.every((count) => count === 0),
    mutant_caught: mutant.some((count) => count > 0),
    note: `${found.length} restricted indicators in the release; ordinary ones do not promise this (${mutant.reduce((sum, each) => sum + each, 0)} of a made-up town are narrower)`,
  }
}

/** T19: noise would fall to averaging; no noise is offered. */
export const averaging: Attack = ({ target }) => {
  let seed = 99
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const noise = () => Math.round((random() + random() + random() - 1.5) * 2)
  let hits = 0
  for (let trial = 0; trial < 200; trial++) {
    const estimates = Array.from({ length: 60 }, () => 7 + noise() + noise())
    if (Math.round(estimates.reduce((sum, each) => sum + each, 0) / estimates.length) === 7) hits++
  }
  const isRepeatable = target.tables.every(({ cells }) => cells.every(({ value }) => value === null || Number.isFinite(value)))
  return {
    id: 'T19',
    title: 'no figure is hidden by noise that can be averaged away',
    pass: isRepeatable,
    mutant_caught: hits > 150,
    note: `noise is not offered; 60 splits of a noisy figure give the count in ${hits} of 200 trials`,
  }
}
