// Shares no code with the elimination: only the hierarchies, the numbers of the certificate and addition modulo the prime.

export interface Hierarchy {
  /** Parent of each node, null for the total; children come after their parent. */
  readonly parents: readonly (number | null)[]
}

export interface CertificateCheck {
  readonly publishedNotZero: number
  readonly smallDetermined: number
  readonly isProof: boolean
}

/**
 * @param values one per combination of leaves, leaves in node order, last dimension fastest.
 * @param cells one node per dimension for each cell, one cell after the other.
 * @param published 1 for cells whose figure is printed; `small` 1 for cells that must not be derivable.
 */
export function verifyCertificate(
  hierarchies: readonly Hierarchy[],
  prime: number,
  values: ArrayLike<number>,
  cells: Int32Array,
  published: Uint8Array,
  small: Uint8Array,
): CertificateCheck {
  let sums: Float64Array = Float64Array.from(values)
  let after = sums.length
  let before = 1
  for (const { parents } of hierarchies) {
    const isParent = new Set(parents)
    const leaves = parents.map((_, node) => node).filter((node) => !isParent.has(node))
    after /= leaves.length
    const next = new Float64Array(before * parents.length * after)
    for (let left = 0; left < before; left++) {
      leaves.forEach((node, leaf) => {
        const from = (left * leaves.length + leaf) * after
        next.set(sums.subarray(from, from + after), (left * parents.length + node) * after)
      })
      for (let node = parents.length - 1; node > 0; node--) {
        const from = (left * parents.length + node) * after
        const to = (left * parents.length + (parents[node] ?? 0)) * after
        for (let right = 0; right < after; right++)
          next[to + right] = ((next[to + right] as number) + (next[from + right] as number)) % prime
      }
    }
    sums = next
    before *= parents.length
  }
  let publishedNotZero = 0
  let smallDetermined = 0
  for (let cell = 0; cell < published.length; cell++) {
    const place = hierarchies.reduce(
      (sum, { parents }, axis) => sum * parents.length + (cells[cell * hierarchies.length + axis] as number),
      0,
    )
    if (published[cell] && sums[place] !== 0) publishedNotZero++
    if (small[cell] && sums[place] === 0) smallDetermined++
  }
  return { publishedNotZero, smallDetermined, isProof: publishedNotZero === 0 && smallDetermined === 0 }
}
