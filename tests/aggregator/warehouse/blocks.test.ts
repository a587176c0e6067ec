import { expect, it } from 'vitest'
import { Blocks, putBack, type SpareBlocks } from '../../../aggregator/warehouse/blocks.ts'

const bytesAt = (blocks: Blocks, bytes: number) => {
  const place = blocks.take(bytes)
  return new Uint8Array(blocks.of(place), place.at, bytes)
}

it('a block that is used again holds nothing of the household before', () => {
  const spare: SpareBlocks = []
  const before = new Blocks(spare)
  bytesAt(before, 1_000).fill(7)
  putBack(before.all, spare)
  expect(spare.every((block) => new Uint8Array(block).every((byte) => byte === 0))).toBe(true)
  const after = new Blocks(spare)
  expect(bytesAt(after, 1_000).every((byte) => byte === 0)).toBe(true)
  expect(after.all).toEqual(before.all)
  expect(spare).toEqual([])
})

it('pieces do not overlap, and begin at whole words', () => {
  const blocks = new Blocks()
  const pieces = [3, 400_000, 9, 700_000, 2_000_000, 5].map((bytes) => ({ bytes, ...blocks.take(bytes) }))
  expect(pieces.every(({ at }) => at % 8 === 0)).toBe(true)
  for (const [index, one] of pieces.entries())
    for (const other of pieces.slice(index + 1))
      expect(one.block !== other.block || one.at + one.bytes <= other.at || other.at + other.bytes <= one.at).toBe(true)
})

it('memory for an unusually large household is not kept', () => {
  const spare: SpareBlocks = []
  const blocks = new Blocks(spare)
  bytesAt(blocks, 3_000_000)
  putBack(blocks.all, spare)
  expect(spare).toEqual([])
})
