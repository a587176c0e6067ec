import type { ProtectedTable } from '../../aggregator/disclosure/protected.ts'
import type { PublishedRelease } from '../../aggregator/portal/published.ts'
import { exampleTable } from './protected-table.ts'
import { exampleRelease } from './released.ts'

type Node = { readonly code: string; readonly parent: number | null }
type Cell = ProtectedTable['cells'][number]

const areas: Readonly<Record<string, string>> = {
  _T: 'Province of Halimbawa',
  P1: 'Province of Halimbawa',
  M1: 'Bayan ng Talahib',
  B1: 'Bagong Silang',
  B2: 'Dalampasigan',
  B3: 'Ilaya & Ibaba',
  B4: 'San Isidro Labrador de Poblacion Norte',
}
const areaNodes: readonly Node[] = [
  { code: '_T', parent: null },
  { code: 'P1', parent: 0 },
  { code: 'M1', parent: 1 },
  { code: 'B1', parent: 2 },
  { code: 'B2', parent: 2 },
  { code: 'B3', parent: 2 },
  { code: 'B4', parent: 2 },
]
const flat = (...codes: readonly string[]): readonly Node[] => [{ code: '_T', parent: null }, ...codes.map((code) => ({ code, parent: 0 }))]
const dimensions = {
  REF_AREA: areaNodes,
  SEX: flat('F', 'M'),
  AGE: flat('Y0T14', 'Y15T24', 'Y25T64', 'Y_GE65'),
  MIG_STATUS: flat('NON', 'INTERNAL', 'RETURN'),
} as const
type DimensionId = keyof typeof dimensions

/** How many of a table's counts stand behind a code, so that totals add up: parents are the sum of their children. */
const shareOf: Readonly<Record<string, number>> = {
  B1: 0.4,
  B2: 0.3,
  B3: 0.2,
  B4: 0.1,
  F: 0.55,
  M: 0.45,
  Y0T14: 0.3,
  Y15T24: 0.2,
  Y25T64: 0.4,
  Y_GE65: 0.1,
  NON: 0.75,
  INTERNAL: 0.15,
  RETURN: 0.1,
}

/**
 * A municipality of four barangays with two indicators: people, and a share. Figures below 45 people are withheld.
 * @param people of the whole; the share rises with it, so that rounds differ.
 */
export function townRelease(round: string, people: number): PublishedRelease {
  const release = `${round}-r1`
  const table = (indicator: string, breakdown: string, ids: readonly DimensionId[]): ProtectedTable =>
    exampleTable({
      id: `${indicator}.${breakdown}`,
      release,
      indicator,
      round,
      type: indicator === 'POP01' ? 'count' : 'proportion',
      unit: indicator === 'POP01' ? 'persons' : 'percent',
      dimensions: ids.map((id) => ({ id, nodes: dimensions[id] })),
      cells: cellsOf(indicator, ids, people),
    })
  const indicator = (id: string, unit: string, title: string, label: string) => ({
    ...exampleRelease().indicators[0],
    id,
    unit,
    version: '1.0.0',
    title: { en: title, ar: `${title} (ar)` },
    label: { en: label, ar: 'كم شخصًا؟' },
    universe: 'people living here',
    universeLabel: { en: 'people living here', ar: 'الناس الذين يعيشون هنا' },
    class: id === 'MIG01' ? 'proxy' : 'own',
    source: 'UN Principles and Recommendations for censuses',
    gcm: [1],
  })
  return {
    id: release,
    published: `${round}-11-21T00:00:00Z`,
    round,
    roundTitle: `Round of ${round}`,
    tables: [
      table('POP01', 'area', ['REF_AREA']),
      table('POP01', 'area-sex', ['REF_AREA', 'SEX']),
      table('POP01', 'pyramid', ['SEX', 'AGE', 'MIG_STATUS']),
      table('MIG01', 'area-sex', ['REF_AREA', 'SEX']),
      table('MIG01', 'age', ['AGE']),
      table('MIG01', 'status', ['MIG_STATUS']),
    ],
    indicators: [
      indicator('POP01', 'persons', 'People living here', 'How many people live here now?'),
      indicator(
        'MIG01',
        'percent',
        'Share of people born in another country',
        'Of every 100 people living here, how many were born in another country?',
      ),
    ],
    areas,
    cells: 150,
    withheld: 12,
  }
}

function cellsOf(indicator: string, ids: readonly DimensionId[], people: number): readonly Cell[] {
  const combinations = ids.reduce<readonly (readonly number[])[]>(
    (found, id) => found.flatMap((nodes) => dimensions[id].map((_, node) => [...nodes, node])),
    [[]],
  )
  return combinations.map((nodes): Cell => {
    const codes = ids.map((id, axis) => dimensions[id][nodes[axis] ?? 0]?.code ?? '_T')
    const denominator = Math.round(people * codes.reduce((share, code) => share * (shareOf[code] ?? 1), 1))
    if (indicator === 'MIG01' && codes.includes('NON')) return { nodes, value: null, numerator: null, denominator: null, status: 'M' }
    if (denominator < 45) return { nodes, value: null, numerator: null, denominator: null, status: 'Q' }
    if (indicator === 'POP01') return { nodes, value: denominator, numerator: denominator, denominator: null, status: 'A' }
    const numerator = Math.round(denominator * (0.05 + people / 10_000 + 0.02 * (nodes.at(-1) ?? 0)))
    const value = Number(((100 * numerator) / denominator).toFixed(1))
    return { nodes, value, numerator, denominator, status: denominator < 60 ? 'U' : 'A' }
  })
}
