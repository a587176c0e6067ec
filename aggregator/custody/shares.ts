import { randomBytes } from 'node:crypto'

/** One of the shares of a secret: its number (1 to 255) and as many bytes as the secret. */
export interface Share {
  readonly number: number
  readonly bytes: Uint8Array
}

/**
 * Splits a secret so that any `threshold` of the `count` shares give it back and fewer say nothing about it.
 * @source Shamir (1979), How to share a secret; over GF(256) with the AES polynomial, byte by byte.
 */
export function splitSecret(
  secret: Uint8Array,
  count: number,
  threshold: number,
  random: (length: number) => Uint8Array = randomBytes,
): readonly Share[] {
  if (threshold < 2 || threshold > count || count > 255)
    throw new RangeError('A secret is split into 2 to 255 shares, of which at least 2 are needed.')
  const coefficients = Array.from({ length: threshold - 1 }, () => random(secret.length))
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1
    const bytes = secret.map((constant, at) => polynomialAt(number, [constant, ...coefficients.map((each) => each[at] ?? 0)]))
    return { number, bytes: Uint8Array.from(bytes) }
  })
}

/** The secret of `threshold` or more different shares; with fewer, or shares of another secret, the result is noise. */
export function joinShares(shares: readonly Share[]): Uint8Array {
  const [first] = shares
  if (!first || new Set(shares.map(({ number }) => number)).size !== shares.length) throw new RangeError('Each share may be given once.')
  if (shares.some(({ bytes }) => bytes.length !== first.bytes.length)) throw new RangeError('The shares are not of one secret.')
  return Uint8Array.from(first.bytes, (_, at) =>
    shares.reduce((sum, { number, bytes }) => {
      const weight = shares.reduce(
        (product, other) => (other.number === number ? product : times(product, over(other.number, other.number ^ number))),
        1,
      )
      return sum ^ times(bytes[at] ?? 0, weight)
    }, 0),
  )
}

function polynomialAt(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => times(sum, x) ^ coefficient, 0)
}

/** Multiplication in GF(256), without tables: no memory access depends on the secret. */
function times(a: number, b: number): number {
  let [product, left, right] = [0, a, b]
  for (let bit = 0; bit < 8; bit++) {
    product ^= -(right & 1) & left
    left = ((left << 1) ^ (-(left >> 7) & 0x11b)) & 0xff
    right >>= 1
  }
  return product
}

/** a / b: the inverse of b is its 254th power. */
function over(a: number, b: number): number {
  let inverse = 1
  for (let step = 0; step < 254; step++) inverse = times(inverse, b)
  return times(a, inverse)
}
