interface Asked {
  readonly filter?: unknown
  readonly view?: unknown
  readonly selector?: unknown
}

const isFiltered = ({ filter, view, selector }: Asked) => filter !== undefined || view !== undefined || selector !== undefined

/** Changes without filters: what must not leave the phone lies in another database. A filter is refused, never passed over. */
export default function withoutFilters(PouchDB: { _changesFilterPlugin?: object }): void {
  PouchDB._changesFilterPlugin = {
    validate: (asked: Asked, done: (error?: Error) => void) =>
      done(isFiltered(asked) ? new TypeError('This PouchDB is built without filters.') : undefined),
    normalize: () => undefined,
    shouldFilter: () => false,
    filter: () => undefined,
  }
}
