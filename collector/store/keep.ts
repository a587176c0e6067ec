/** The shelves of this phone's own database; it never replicates. */
export const shelves = [
  /** The PIN's vault record, the device's signing key, the key that locks tokens. Key objects that cannot be extracted. */
  'keys',
  /** Enrolment, server, round, outbox list, checkpoints: nothing about a household. */
  'settings',
  /** Open interviews as they were at their last checkpoint, encrypted. */
  'drafts',
  /** What changed in them since, one entry for each save, encrypted. */
  'journal',
  /** One summary line per record, encrypted. */
  'records',
  /** The phone's own copy of a finished record until it is accepted, encrypted, beside the sealed record itself. */
  'copies',
  /** Compiled questionnaires by `id:version`. */
  'questionnaires',
  /** Assignments and comments for this device, encrypted. */
  'items',
] as const

export type Shelf = (typeof shelves)[number]

export type Write = readonly [shelf: Shelf, id: string, value: unknown] | readonly [shelf: Shelf, id: string]

/**
 * A small durable store of named values. IndexedDB on the phone, a Map in simulations; one suite of tests holds both to this.
 */
export interface Keep {
  get<T>(shelf: Shelf, id: string): Promise<T | undefined>
  /** All values of a shelf in the order of their ids. */
  all<T>(shelf: Shelf): Promise<readonly (readonly [id: string, value: T])[]>
  /** The ids of a shelf in their order, without reading the values. */
  ids(shelf: Shelf): Promise<readonly string[]>
  /** Puts (three members) or removes (two) all of them or none; durable when it resolves, even through a power cut. */
  write(writes: readonly Write[]): Promise<void>
  /** Makes sure that some space is set aside for finishing what was started; false when there is no room for it. */
  holdReserve(): Promise<boolean>
  /** Gives the set-aside space up; false when there was none. */
  makeRoom(): Promise<boolean>
  close(): void
}

/** Keeps values in memory, copied at the door as a database would: for simulated devices. */
export function openMemoryKeep(): Keep {
  const kept = new Map<Shelf, Map<string, unknown>>(shelves.map((shelf) => [shelf, new Map()]))
  const on = (shelf: Shelf) => kept.get(shelf) ?? new Map<string, unknown>()
  return {
    get: async <T>(shelf: Shelf, id: string) => structuredClone(on(shelf).get(id)) as T | undefined,
    all: async <T>(shelf: Shelf) => {
      const entries = [...on(shelf)].sort(([a], [b]) => (a < b ? -1 : 1))
      return structuredClone(entries) as [string, T][]
    },
    ids: async (shelf) => [...on(shelf).keys()].sort(),
    async write(writes) {
      const copies = writes.map((each) => (each.length === 3 ? ([each[0], each[1], structuredClone(each[2])] as const) : each))
      for (const each of copies)
        if (each.length === 3) on(each[0]).set(each[1], each[2])
        else on(each[0]).delete(each[1])
    },
    holdReserve: async () => true,
    makeRoom: async () => false,
    close() {},
  }
}
