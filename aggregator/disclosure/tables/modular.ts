/** Largest prime below 2^26: a product of two residues stays below 2^52 and is exact in a double. */
export const prime = 67_108_859
/** A second prime of the same size, so that no determinant divisible by the first one can hide a leak. */
export const secondPrime = 67_108_837

/** a * b mod p, for 0 <= a, b < p < 2^26. */
export function multiplyModulo(a: number, b: number, p: number): number {
  const product = a * b
  const rest = product - Math.floor(product / p) * p
  return rest < 0 ? rest + p : rest >= p ? rest - p : rest
}

/** Inverse of a mod p by the extended Euclidean algorithm, 0 < a < p. */
export function inverseModulo(a: number, p: number): number {
  let [r0, r1, t0, t1] = [p, a, 0, 1]
  while (r1 !== 0) {
    const quotient = Math.floor(r0 / r1)
    ;[r0, r1] = [r1, r0 - quotient * r1]
    ;[t0, t1] = [t1, t0 - quotient * t1]
  }
  if (r0 !== 1) throw new RangeError('Zero has no inverse.')
  return t0 < 0 ? t0 + p : t0
}

/** Small integer of either sign as a residue in 0..p-1. */
export function residue(value: number, p: number): number {
  const rest = value % p
  return rest < 0 ? rest + p : rest
}

/** Deterministic stream of numbers in [0, 1): the same seed gives the same pattern, certificate and audit. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
