import { cellAtoms, type System } from '../../../../aggregator/disclosure/tables/system.ts'

/**
 * Least and greatest count of every cell over ALL tables of whole counts that agree with the printed figures, by trying every one.
 * Written for tables of a dozen inner cells; shares nothing with the linear programs.
 */
export function exhaustiveBounds(
  system: System,
  published: Uint8Array,
  isImpossible: (atom: number) => boolean = () => false,
): { readonly lower: number[]; readonly upper: number[]; readonly tables: number } {
  const atoms = cellAtoms(system)
  const count = system.inner.length
  const members = Array.from(system.counts, (_, cell) => Array.from(atoms.indices.subarray(atoms.starts[cell], atoms.starts[cell + 1])))
  const rows = members.map((inside, cell) => ({ inside, cell })).filter(({ cell }) => published[cell])
  const touching = Array.from({ length: count }, (_, atom) => rows.map((_, row) => row).filter((row) => rows[row]?.inside.includes(atom)))
  const left = rows.map(({ cell }) => system.counts[cell] ?? 0)
  const unset = rows.map(({ inside }) => inside.length)
  const values = Array.from({ length: count }, () => 0)
  const lower = Array.from(system.counts, () => Number.POSITIVE_INFINITY)
  const upper = Array.from(system.counts, () => -1)
  let tables = 0
  const visit = (atom: number) => {
    if (atom === count) {
      tables++
      members.forEach((inside, cell) => {
        const sum = inside.reduce((total, each) => total + (values[each] ?? 0), 0)
        lower[cell] = Math.min(lower[cell] ?? 0, sum)
        upper[cell] = Math.max(upper[cell] ?? 0, sum)
      })
      return
    }
    const around = touching[atom] ?? []
    const most = isImpossible(atom) ? 0 : Math.min(...around.map((row) => left[row] ?? 0), 40)
    for (let value = 0; value <= most; value++) {
      // A row whose last cell this is must come out exactly.
      if (around.some((row) => unset[row] === 1 && left[row] !== value)) continue
      values[atom] = value
      for (const row of around) {
        left[row] = (left[row] ?? 0) - value
        unset[row] = (unset[row] ?? 0) - 1
      }
      visit(atom + 1)
      for (const row of around) {
        left[row] = (left[row] ?? 0) + value
        unset[row] = (unset[row] ?? 0) + 1
      }
    }
  }
  visit(0)
  return { lower, upper, tables }
}
