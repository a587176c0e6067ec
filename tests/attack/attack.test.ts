import { beforeAll, describe, expect, it } from 'vitest'
import { protectTables } from '../../aggregator/disclosure/protect-tables.ts'
import { communityTables, madeUpPeople } from '../aggregator/disclosure/community.ts'
import { loadAttacker } from './attackers.ts'
import { combination } from './on-combination.ts'
import { averaging, groupDisclosure, linkedTables, perLineCounting, referencePattern } from './on-method.ts'
import { recount, uniques } from './on-records.ts'
import { fractions, linearAudit, linearBounds, parentMinusSiblings, smallAreas } from './on-tables.ts'
import type { Field } from './outcome.ts'
import { targetOf } from './published.ts'

let field: Field
beforeAll(async () => {
  const made = await protectTables(communityTables(madeUpPeople(4, 700, 1, 41), 4), { release: 'attacked', indicators: new Map() })
  field = { target: targetOf(made.tables, made.truth), solver: await loadAttacker(), milliseconds: 60_000 }
})

// The whole set runs on any release by `npm run attack`; here the quick ones on a made-up town.
describe('an attacker who sees only what is published', () => {
  it.each([
    linearAudit,
    linearBounds,
    parentMinusSiblings,
    fractions,
    smallAreas,
    referencePattern,
    linkedTables,
    perLineCounting,
    groupDisclosure,
    recount,
    uniques,
    averaging,
    combination,
  ])('finds nobody by %o, and finds the mutant', async (attack) => {
    const { pass, mutant_caught, note } = await attack(field)
    expect({ pass, mutant_caught, note }).toEqual({ pass: true, mutant_caught: true, note })
  })
})
