/**
 * All that Tala uses of PouchDB, so that one file per platform opens it: adapter `idb` on the phone, `memory` in simulations.
 * Upstream is slow to move: keep this list short.
 */
export interface Pouch {
  /** Under the document's own `_rev`; repeating it changes nothing. */
  put(document: object, options: { readonly new_edits: false }): Promise<unknown>
  allDocs(options: { readonly keys?: readonly string[]; readonly include_docs?: boolean }): Promise<{ readonly rows: readonly PouchRow[] }>
  info(): Promise<{ readonly doc_count: number }>
  destroy(): Promise<unknown>
  close(): Promise<unknown>
}

export interface PouchRow {
  readonly id?: string
  readonly key?: string
  /** `not_found` for a key that is not there. */
  readonly error?: string
  readonly doc?: { readonly _id: string; readonly _rev: string; readonly [name: string]: unknown }
}

/** Opens a database of this phone by its name. */
export type OpenPouch = (name: string) => Pouch

/** Installs the adapter, which a second call, by another part of a test, does not change, and opens with it. */
export function pouchOpener(PouchDB: PouchDB.Static, plugin: PouchDB.Plugin, adapter: string): OpenPouch {
  PouchDB.plugin(plugin)
  return (name) => new PouchDB(name, { adapter }) as unknown as Pouch
}
