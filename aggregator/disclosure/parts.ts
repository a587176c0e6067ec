import type { WorkingTable } from '../indicators/working-table.ts'
import type { Cube } from './cube.ts'
import { type Axis, treeAxis } from './tables/axis.ts'

/**
 * What a count stands for inside one indicator; all of them are protected as one system.
 * `population` is everybody (printed by the population table), `outside` everybody who is not in the indicator's universe.
 */
export type Part = 'population' | 'denominator' | 'numerator' | 'complement' | 'outside'

const shares: readonly WorkingTable['type'][] = ['proportion', 'rate', 'ratio']

export function partsOf(table: WorkingTable, hasPopulation: boolean): readonly Part[] {
  const around = (inner: readonly Part[]): readonly Part[] => (hasPopulation ? ['population', ...inner, 'outside'] : inner)
  if (!shares.includes(table.type)) return around(['denominator'])
  const isSubset = table.cells.every((cell) => numeratorOf(table, cell) <= denominatorOf(table, cell))
  // A ratio of two different things (deaths to births) has no complement: two counts that say nothing of each other.
  return isSubset ? around(['denominator', 'numerator', 'complement']) : ['denominator', 'numerator']
}

/** The parts as an axis: denominator = numerator + complement, population = denominator + outside. */
export function partTree(parts: readonly Part[]): {
  readonly axis: Axis
  readonly parents: readonly (number | null)[]
  readonly leaves: readonly Part[]
} {
  const at = (part: Part) => parts.indexOf(part)
  const parents = parts.map((part): number | null => {
    if (part === 'population') return null
    if (part === 'outside') return at('population')
    if (part === 'denominator') return at('population') >= 0 ? at('population') : null
    return at('complement') >= 0 ? at('denominator') : null
  })
  const isForest = parents.filter((parent) => parent === null).length > 1
  const leaves = parts.filter((_, index) => !parents.includes(index))
  return { axis: isForest ? unrelated(parts.length) : treeAxis('PART', parents), parents, leaves }
}

function unrelated(count: number): Axis {
  const places = Array.from({ length: count }, (_, at) => at)
  const unit = places.map((at) => ({ indices: [at], values: [1] }))
  return { id: 'PART', coordinates: count, atoms: count, forms: unit, atomForms: unit, atomNodes: places, children: places.map(() => []) }
}

/** Count of a part at a place of the cube. A ratio counts events (deaths, children), everything else counts respondents. */
export function countsOf(table: WorkingTable, cube: Cube, around: Cube | null): (place: number, part: Part) => number {
  const inside = (place: number) =>
    table.type === 'distribution'
      ? (cube.cases[place] ?? 0)
      : denominatorOf(table, { respondents: cube.respondents[place] ?? 0, denominator: cube.denominator[place] ?? 0 })
  const cases = (place: number) => numeratorOf(table, { cases: cube.cases[place] ?? 0, numerator: cube.numerator[place] ?? 0 })
  return (place, part) => {
    switch (part) {
      case 'population':
        return around?.respondents[place] ?? 0
      case 'outside':
        return (around?.respondents[place] ?? 0) - inside(place)
      case 'denominator':
        return inside(place)
      case 'numerator':
        return cases(place)
      case 'complement':
        return inside(place) - cases(place)
    }
    return part satisfies never
  }
}

function numeratorOf(table: WorkingTable, cell: { readonly cases: number; readonly numerator: number }): number {
  return table.type === 'ratio' ? Math.round(cell.numerator) : cell.cases
}

function denominatorOf(table: WorkingTable, cell: { readonly respondents: number; readonly denominator: number }): number {
  return table.type === 'ratio' ? Math.round(cell.denominator) : cell.respondents
}
