/** Seeded random numbers, so that a made-up municipality can be made again (sfc32; Chris Doty-Humphrey's generator). */
export interface Random {
  /** 0 <= x < 1 */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** One of the keys, as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T
  /** Characters of the given alphabet. */
  text(length: number, alphabet: string): string
}

export function createRandom(seed: number): Random {
  let a = seed >>> 0
  let b = 0x9e3779b9
  let c = 0x243f6a88
  let counter = 1
  const next = () => {
    const sum = (((a + b) >>> 0) + counter++) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + sum) >>> 0
    return sum / 4294967296
  }
  for (let round = 0; round < 15; round++) next()
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  const pick = <T>(items: readonly T[]): T => {
    const item = items[whole(0, items.length - 1)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }
  return {
    next,
    whole,
    pick,
    chance: (probability) => next() < probability,
    weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T {
      const entries = Object.entries(weights) as [T, number][]
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        rest -= weight
        if (rest < 0) return key
      }
      const last = entries.at(-1)
      if (!last) throw new RangeError('nothing to weigh')
      return last[0]
    },
    text: (length, alphabet) => Array.from({ length }, () => alphabet[whole(0, alphabet.length - 1)]).join(''),
  }
}
