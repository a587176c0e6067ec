import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAttacker, type Solver } from '../attackers.ts'
import { firstTown, grownTown, removeTown, type Town } from './real-town.ts'
import { attackVintages, learned } from './trial.ts'

let solver: Solver
let town: Town
let grown: Town
beforeAll(async () => {
  solver = await loadAttacker()
  town = await firstTown(3, 100)
  grown = await grownTown(town, 77, 40)
}, 240_000)
afterAll(async () => {
  await removeTown(town)
  await removeTown(grown)
})

// 200 homes for each of these by `npm run attack:vintages`; every record, withdrawal, correction and release here is a real one.
describe('two releases laid side by side', { timeout: 120_000 }, () => {
  it('are alike when a family of thirteen withdrew and nothing else happened', async () => {
    const result = await attackVintages(solver, { town, change: 'withdrawn', home: 0, seed: 1 })
    expect(result).toMatchObject({ differing: 0, pinned: [] })
  })

  it.each(['moved', 'corrected'] as const)('are alike when one home was %s', async (change) => {
    expect(learned(await attackVintages(solver, { town, change, home: 7, seed: 1 }), true)).toBe(false)
  })

  it('leave every small change open where many homes came meanwhile', async () => {
    const result = await attackVintages(solver, { town: grown, change: 'withdrawn', home: 4, seed: 1 })
    expect(result.differing).toBeGreaterThan(100)
    expect(result.asked).toBeGreaterThan(20)
    expect(result.pinned).toEqual([])
  })

  it('give the home away when the second is made as if there had been no first', async () => {
    for (const each of [town, grown]) {
      const result = await attackVintages(solver, { town: each, change: 'withdrawn', home: 4, seed: 1, forgets: true })
      expect(result.pinned.length).toBeGreaterThan(0)
    }
  })
})
