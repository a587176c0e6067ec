import type { Reduced } from './reduced-columns.ts'
import { inverseModulo, multiplyModulo, residue, seededRandom } from './modular.ts'
import type { System } from './system.ts'

/**
 * Proof that no withheld small cell can be computed from the published ones: numbers for the inner cells whose sum is 0
 * modulo the prime in every published cell and not 0 in every small one. If a small cell were a combination of
 * published cells, its sum would be 0 too. Holds no count.
 */
export interface Certificate {
  readonly prime: number
  /** One number per inner cell, last axis fastest. */
  readonly values: Int32Array
}

/** Random point of the space that the published cells leave open, by back substitution through the pivots. */
export function makeCertificate(system: System, reduced: Reduced, modulus: number, seed: number): Certificate {
  const random = seededRandom(seed)
  const coordinates = system.axes.reduce((product, axis) => product * axis.coordinates, 1)
  const point = Float64Array.from({ length: coordinates }, () => 1 + Math.floor(random() * (modulus - 1)))
  for (let pivot = reduced.rows.length - 1; pivot >= 0; pivot--) {
    const row = reduced.rows[pivot] as number
    let sum = 0
    let own = 1
    for (let at = reduced.starts[pivot] as number; at < (reduced.starts[pivot + 1] as number); at++) {
      const index = reduced.indices[at] as number
      const value = reduced.values[at] as number
      if (index === row) own = value
      else sum = (sum + multiplyModulo(value, point[index] as number, modulus)) % modulus
    }
    point[row] = multiplyModulo(sum === 0 ? 0 : modulus - sum, inverseModulo(own, modulus), modulus)
  }
  return { prime: modulus, values: Int32Array.from(expand(system, point, modulus)) }
}

/** From values of the coordinates to values of the inner cells, one axis after the other. */
function expand(system: System, point: Float64Array, modulus: number): Float64Array {
  let values = point
  let before = 1
  let after = system.axes.reduce((product, axis) => product * axis.coordinates, 1)
  for (const axis of system.axes) {
    after /= axis.coordinates
    const next = new Float64Array(before * axis.atoms * after)
    for (let left = 0; left < before; left++)
      axis.atomNodes.forEach((node, atom) => {
        const form = axis.forms[node]
        form?.indices.forEach((coordinate, at) => {
          const factor = residue(form.values[at] ?? 0, modulus)
          const from = (left * axis.coordinates + coordinate) * after
          const to = (left * axis.atoms + atom) * after
          for (let right = 0; right < after; right++)
            next[to + right] = ((next[to + right] as number) + multiplyModulo(factor, values[from + right] as number, modulus)) % modulus
        })
      })
    values = next
    before *= axis.atoms
  }
  return values
}
