import type { Dimension, WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import { seededRandom } from '../../../aggregator/disclosure/tables/modular.ts'

/** One made-up person: place in each leaf list of the dimensions, and yes or no per indicator. */
export interface MadeUpPerson {
  readonly area: number
  readonly sex: number
  readonly age: number
  readonly status: number
  readonly answers: readonly (boolean | null)[]
}

export const sexes = ['F', 'M', '_O', '_U'] as const
export const ages = ['Y0T4', 'Y5T14', 'Y15T17', 'Y18T24', 'Y25T44', 'Y45T64', 'Y_GE65'] as const
export const broadAges = [
  ['Y0T14', 2],
  ['Y15T24', 2],
  ['Y25T64', 2],
  ['Y_GE65', 1],
] as const
export const statuses = ['RETURN', 'FOREIGN', 'FB_CIT', 'TEMP', 'IDP', 'INTERNAL', 'NON', '_U'] as const
const statusShare = [0.06, 0.01, 0.02, 0.03, 0.02, 0.12, 0.73, 0.01]

/** A community of `barangays` areas, seeded: few migrants, uneven areas, one or two people of another sex. */
export function madeUpPeople(barangays: number, persons: number, questions: number, seed: number): readonly MadeUpPerson[] {
  const random = seededRandom(seed)
  const sizes = Array.from({ length: barangays }, () => 0.3 + random() * 1.7)
  const total = sizes.reduce((sum, each) => sum + each, 0)
  const pick = (shares: readonly number[]) => {
    let left = random() * shares.reduce((sum, each) => sum + each, 0)
    for (const [at, share] of shares.entries()) {
      left -= share
      if (left < 0) return at
    }
    return shares.length - 1
  }
  const rates = Array.from({ length: questions }, () => 0.05 + random() * 0.6)
  return Array.from({ length: persons }, () => {
    const status = pick(statusShare)
    const age = pick([0.1, 0.2, 0.07, 0.13, 0.27, 0.17, 0.06])
    return {
      area: pick(sizes.map((size) => size / total)),
      sex: pick([0.5, 0.498, 0.001, 0.001]),
      age,
      status,
      answers: rates.map((rate) => (random() < 0.03 ? null : random() < rate * (status === 6 ? 0.7 : 1.3))),
    }
  })
}

export function areaDimension(barangays: number): Dimension {
  const nodes = [
    { code: '_T', parent: null },
    ...Array.from({ length: barangays }, (_, at) => ({ code: `B${String(at + 1).padStart(2, '0')}`, parent: 0 })),
  ]
  return { id: 'REF_AREA', nodes }
}

function flat(id: string, codes: readonly string[]): Dimension {
  return { id, nodes: [{ code: '_T', parent: null }, ...codes.map((code) => ({ code, parent: 0 }))] }
}

function ageDimension(): Dimension {
  const nodes: { code: string; parent: number | null }[] = [{ code: '_T', parent: null }]
  let leaf = 0
  for (const [code, parts] of broadAges) {
    nodes.push({ code, parent: 0 })
    const parent = nodes.length - 1
    if (parts > 1) for (let each = 0; each < parts; each++) nodes.push({ code: ages[leaf + each] ?? '', parent })
    leaf += parts
  }
  return { id: 'AGE', nodes }
}

export function dimensionsOf(barangays: number): readonly Dimension[] {
  return [areaDimension(barangays), flat('SEX', sexes), ageDimension(), flat('MIG_STATUS', statuses)]
}

/** Tabulates as the indicator engine does: every combination of nodes that has at least one respondent. */
export function tabulated(
  people: readonly MadeUpPerson[],
  barangays: number,
  indicator: string,
  type: WorkingTable['type'],
  inUniverse: (person: MadeUpPerson) => boolean,
  isCase: (person: MadeUpPerson) => boolean,
): WorkingTable {
  const dimensions = dimensionsOf(barangays)
  const codeAt = [
    (p: MadeUpPerson) => `B${String(p.area + 1).padStart(2, '0')}`,
    (p: MadeUpPerson) => sexes[p.sex] ?? '',
    (p: MadeUpPerson) => ages[p.age] ?? '',
    (p: MadeUpPerson) => statuses[p.status] ?? '',
  ]
  const cells = new Map<string, { nodes: number[]; respondents: number; cases: number }>()
  for (const person of people) {
    if (!inUniverse(person)) continue
    const paths = dimensions.map(({ nodes }, at) => {
      const path: number[] = []
      for (
        let node: number | null = nodes.findIndex(({ code }) => code === codeAt[at]?.(person));
        node !== null;
        node = nodes[node]?.parent ?? null
      )
        path.push(node)
      return path
    })
    const combinations = paths.reduce<number[][]>((all, path) => all.flatMap((each) => path.map((node) => [...each, node])), [[]])
    for (const nodes of combinations) {
      const cell = cells.get(nodes.join()) ?? { nodes, respondents: 0, cases: 0 }
      cells.set(nodes.join(), { nodes, respondents: cell.respondents + 1, cases: cell.cases + (isCase(person) ? 1 : 0) })
    }
  }
  const list: WorkingCell[] = [...cells.values()].map(({ nodes, respondents, cases }) => ({
    nodes,
    respondents,
    cases: type === 'count' ? respondents : cases,
    numerator: type === 'count' ? respondents : cases,
    denominator: respondents,
    value: respondents === 0 ? null : cases / respondents,
    withoutAnswer: 0,
  }))
  return { marking: 'not for release', indicator, indicatorVersion: '1.0.0', round: '2026', level: 'person', type, dimensions, cells: list }
}

/** The population and one proportion per question. */
export function communityTables(people: readonly MadeUpPerson[], barangays: number): readonly WorkingTable[] {
  const questions = people[0]?.answers.length ?? 0
  return [
    tabulated(
      people,
      barangays,
      'POP01',
      'count',
      () => true,
      () => true,
    ),
    ...Array.from({ length: questions }, (_, at) =>
      tabulated(
        people,
        barangays,
        `IND${String(at + 1).padStart(2, '0')}`,
        'proportion',
        (p) => p.answers[at] !== null,
        (p) => p.answers[at] === true,
      ),
    ),
  ]
}
