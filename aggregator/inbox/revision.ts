import { createHash } from 'node:crypto'
import type { StoredDocument } from './store.ts'

/** The deleted successor of a leaf revision; the same for the same leaf, so that deleting twice is deleting once. */
export function tombstoneOf({ _id, _rev }: Pick<StoredDocument, '_id' | '_rev'>): StoredDocument & { readonly _deleted: true } {
  const { generation, hash } = partsOf(_rev)
  const next = createHash('md5').update(`deleted ${_id} ${_rev}`).digest('hex')
  return { _id, _rev: `${generation + 1}-${next}`, _deleted: true, _revisions: { start: generation + 1, ids: [next, hash] } }
}

export function partsOf(rev: string): { readonly generation: number; readonly hash: string } {
  const dash = rev.indexOf('-')
  return { generation: Number(rev.slice(0, dash)), hash: rev.slice(dash + 1) }
}

/** The number in front of a sequence: PouchDB's `17`, CouchDB's `17-g1AAA…`. Only good for seeing that a feed shrank. */
export function sequenceNumber(seq: string): number {
  return Number.parseInt(seq, 10) || 0
}

/** Rows of `_all_docs` asked by key: absent ids come as errors, deleted ones with a mark. */
export function livingRevisions(rows: readonly unknown[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const row of rows as readonly { readonly id?: string; readonly value?: { readonly rev?: string; readonly deleted?: boolean } }[]) {
    if (row.id !== undefined && row.value?.rev !== undefined && row.value.deleted !== true) found.set(row.id, row.value.rev)
  }
  return found
}

/** PouchDB's revision tree: branches from their first generation on. */
export type RevisionTree = readonly { readonly pos: number; readonly ids: RevisionNode }[]
type RevisionNode = readonly [hash: string, options: { readonly deleted?: boolean }, children: readonly RevisionNode[]]

/** The newest leaf that is not deleted. */
export function livingLeaf(tree: RevisionTree): string | undefined {
  const leaves = tree.flatMap(({ pos, ids }) => leavesOf(pos, ids))
  return leaves
    .toSorted((a, b) => b.generation - a.generation || (a.hash < b.hash ? 1 : -1))
    .map(({ generation, hash }) => `${generation}-${hash}`)[0]
}

function leavesOf(
  generation: number,
  [hash, { deleted }, children]: RevisionNode,
): readonly { readonly generation: number; readonly hash: string }[] {
  if (children.length === 0) return deleted === true ? [] : [{ generation, hash }]
  return children.flatMap((child) => leavesOf(generation + 1, child))
}
