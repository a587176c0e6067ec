/** Bytes of a block: the rows of a heap of usual households fill three or four. */
const blockBytes = 1 << 20

/** Where a piece of memory begins. */
export interface Place {
  /** Which block. */
  readonly block: number
  /** Bytes from its beginning; whole words of 8. */
  readonly at: number
}

/** Blocks that were used before, empty; whoever has stored the rows in them puts them back. */
export type SpareBlocks = SharedArrayBuffer[]

/**
 * Memory for rows on their way, dealt out from a few large blocks that are used again and again. Hundreds of small buffers for every heap, moved
 * from thread to thread, kept the garbage collectors of three threads busy. Memory that threads share they do not count: what is not put
 * back is freed late.
 */
export class Blocks {
  readonly all: SharedArrayBuffer[] = []
  readonly #spare: SpareBlocks
  #used = blockBytes

  /** @param spare is taken from. */
  constructor(spare: SpareBlocks = []) {
    this.#spare = spare
  }

  /** All of it is zero. */
  take(bytes: number): Place {
    const length = Math.ceil(bytes / 8) * 8
    if (length > blockBytes) return { block: this.all.push(new SharedArrayBuffer(length)) - 1, at: 0 }
    if (this.#used + length > blockBytes || this.all.at(-1)?.byteLength !== blockBytes) {
      this.all.push(this.#spare.pop() ?? new SharedArrayBuffer(blockBytes))
      this.#used = 0
    }
    const place = { block: this.all.length - 1, at: this.#used }
    this.#used += length
    return place
  }
  /** The block of a place. */
  of({ block }: Place): SharedArrayBuffer {
    return this.all[block] as SharedArrayBuffer
  }
}

/** Puts blocks back whose rows are stored, wiped: no answer waits in memory for the next batch, and a cell that stays NULL is not written. */
export function putBack(blocks: Iterable<SharedArrayBuffer>, spare: SpareBlocks): void {
  for (const block of blocks) {
    new Uint8Array(block).fill(0)
    if (block.byteLength === blockBytes) spare.push(block)
  }
}
