/**
 * Quantile of type 7 (R's default): linear between the order statistics around (n - 1) p.
 * @param values need not be sorted; `p` is from 0 to 1.
 * @returns null of no values.
 * @source Hyndman and Fan (1996), definition 7.
 */
export function quantile7(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const [low, high] = [sorted[below] ?? 0, sorted[below + 1] ?? sorted[below] ?? 0]
  return low + (position - below) * (high - low)
}
