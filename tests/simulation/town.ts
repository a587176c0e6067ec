import type { Area } from '../../schemas/generated/records.ts'
import { type Household, makeHousehold } from './people.ts'
import type { Random } from './random.ts'

/** How unequal the barangays are: the first is the town, the last an island. */
const shares = [34, 22, 15, 10, 8, 5, 3.5, 2.5]

/** A made-up municipality: so many households over the lowest areas of the register, few in small ones. */
export function makeTown(
  random: Random,
  areas: readonly Area[],
  households: number,
  today: { year: number; month: number },
): readonly Household[] {
  const barangays = areas.filter(({ level }) => level === 'barangay')
  if (barangays.length === 0) throw new RangeError('the area register has no barangay')
  const weights = Object.fromEntries(barangays.map(({ code }, index) => [code, shares[index] ?? 2]))
  const numbers = new Map<string, number>()
  return Array.from({ length: households }, () => {
    const area = random.weighted(weights)
    const number = (numbers.get(area) ?? 0) + 1
    numbers.set(area, number)
    return makeHousehold(random, { area, number: `${String(number).padStart(4, '0')}-01-01` }, today)
  })
}
