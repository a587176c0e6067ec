/** What one try of a PIN costs. Stored beside the salt, so that a phone may change it at the next PIN change. */
export interface PinCost {
  readonly memoryKiB: number
  readonly iterations: number
}

/** About 0.2 s on a desktop, 1 s on a cheap phone. */
export const strongCost: PinCost = { memoryKiB: 64 * 1024, iterations: 3 }
/** For phones that cannot give 64 MiB to a page. */
export const smallCost: PinCost = { memoryKiB: 19 * 1024, iterations: 2 }
