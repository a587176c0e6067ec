/** Order of two positions in a feed; replication asks only whether they are the same. */
export function collate(one: string | number, other: string | number): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
