import { describe, expect, it } from 'vitest'
import { usefulnessIn, usefulnessOfSet } from '../../../aggregator/disclosure/usefulness.ts'

const areas = [null, 0, 1, 2, 2].map((parent, node) => ({ code: `A${node}`, parent }))
const ages = [null, 0, 0, 1, 1].map((parent, node) => ({ code: `Y${node}`, parent }))
const cube = {
  dimensions: [
    { id: 'REF_AREA', nodes: areas },
    { id: 'AGE', nodes: ages },
  ],
  strides: [ages.length, 1],
}
const worth = usefulnessIn(cube)
const at = (area: number, age: number, count: number) => worth(area * ages.length + age, count)

describe('what a figure is worth to its readers', () => {
  it('is more for everybody than for any group, and more for a group than for a part of it', () => {
    expect(at(0, 0, 10)).toBeGreaterThan(at(0, 1, 5000))
    expect(at(0, 1, 10)).toBeGreaterThan(at(0, 3, 5000))
  })

  it('is more for the municipality, which is as good as its province, than for a barangay', () => {
    expect(at(2, 0, 10)).toBe(at(0, 0, 10))
    expect(at(2, 0, 10)).toBeGreaterThan(at(3, 0, 5000))
  })

  it('is more for the larger of two alike', () => {
    expect(at(3, 0, 20)).toBeGreaterThan(at(4, 0, 10))
  })

  it('is more for a set with fewer conditions, in any number, but never more than detail decides', () => {
    expect(usefulnessOfSet(at(0, 0, 10), 1)).toBeGreaterThan(usefulnessOfSet(at(0, 0, 90_000), 2))
    expect(usefulnessOfSet(at(0, 0, 10), 9)).toBeGreaterThan(usefulnessOfSet(at(0, 1, 90_000), 1))
  })
})
