import type { Answer } from '../../schemas/interview/answers.ts'
import type { Household, Person } from './people.ts'
import type { Random } from './random.ts'

/** The interview day as year and month, and the country of the round. */
export interface Scene {
  readonly today: { readonly year: number; readonly month: number }
  readonly homeCountry: string
  readonly random: Random
}

/** First of a month, so many months before the interview: how the form stores a month. */
export function monthsBefore(scene: Scene, months: number): string {
  const index = scene.today.year * 12 + (scene.today.month - 1) - months
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`
}

/** What a household says about itself; undefined leaves the question to chance. */
export function householdAnswer(name: string, household: Household, { random }: Scene): Answer | undefined {
  const abroad = household.people.some(({ history }) => history.kind === 'abroad')
  const poor = household.wealth < 0.28
  const incomeHalfYear = Math.round((24_000 + household.wealth ** 2 * 420_000 + (abroad ? 60_000 : 0)) / 100) * 100
  const known: Readonly<Record<string, () => Answer>> = {
    A01: () => household.area,
    A02: () => household.number,
    A03: () => (household.agrees ? '1' : '5'),
    A05: () => random.weighted({ '1': 62, '2': 24, '3': 13, '4': 1 }),
    A06: () => '1',
    A07: () => (household.agrees ? '1' : '0'),
    A08: () => (random.chance(0.9) ? '1' : '0'),
    A09: () => (random.chance(0.4) ? '1' : '0'),
    A10: () => (random.chance(0.65) ? '1' : '0'),
    A12: () => `0917${random.text(7, '0123456789')}`,
    A13: () => `${(14 + random.next()).toFixed(5)} ${(121 + random.next()).toFixed(5)} 0 12`,
    M01: () => (random.chance(abroad ? 0.88 : 0.05) ? '1' : '0'),
    M02: () => random.whole(20, 300) * 1_000,
    M03: () => random.weighted({ '1': 30, '2': 40, '3': 20, '5': 4, '6': 6 }),
    M04_amount: () => random.whole(50, 400) * 100,
    M04_fee: () => random.whole(80, 350),
    M06: () => incomeHalfYear,
    M07: () => (random.chance(poor ? 0.22 : 0.03) ? '1' : '0'),
    M08: () => (poor && random.chance(0.6) ? ['1'] : random.chance(0.1) ? ['3'] : ['0']),
    M09: () => (random.chance(0.008) ? '1' : '0'),
    M09_girls: () => random.whole(0, 1),
    M09_boys: () => 1,
    M10: () => (random.chance(0.001) ? '1' : '0'),
    N01: () => random.weighted(poor ? { '1': 35, '2': 35, '5': 12, '6': 8, '3': 10 } : { '1': 80, '3': 15, '2': 5 }),
    N02: () => random.weighted(poor ? { '1': 25, '2': 45, '5': 12, '6': 8, '4': 10 } : { '1': 75, '3': 15, '2': 10 }),
    N03: () => random.weighted({ '1': 62, '2': 11, '4': 13, '5': poor ? 10 : 2, '6': 8, '7': poor ? 4 : 1, '8': 2 }),
    N04: () => Math.max(1, Math.min(8, Math.round(household.people.length / (1.4 + 1.6 * (1 - household.wealth))))),
    N05: () =>
      random.weighted({ '01': 45, '02': 12, '04': 12, '05': 12, '06': 4, '07': poor ? 9 : 2, '10': 2, '12': 16, '09': poor ? 3 : 0.5 }),
    N06: () => random.whole(2, 45),
    N07: () => random.weighted({ '02': 68, '03': 12, '06': 8, '07': poor ? 9 : 1, '10': poor ? 3 : 0.5, '11': poor ? 4 : 0.5 }),
    P01: () => (random.chance(0.55) ? ['1'] : random.chance(0.3) ? ['1', '2'] : ['0']),
    P02: () => (random.chance(0.09) ? '1' : '0'),
    P03: () => Math.max(1, Math.min(household.people.length, 30)),
    P04: () => (random.chance(0.9) ? '1' : '0'),
    Q01: () => random.pick(['Fair pay for those who work away.', 'Help with papers in this town.', 'A clinic that is open on weekends.']),
    Q03: () => random.weighted({ '1': 85, '2': 13, '3': 2 }),
  }
  return known[name]?.()
}

/** What is said about one member; undefined leaves the question to chance. */
export function personAnswer(name: string, person: Person, household: Household, scene: Scene): Answer | undefined {
  const { random, homeCountry } = scene
  const { history, age } = person
  const awayKind: Readonly<Record<string, string>> = { away: '2', abroad: '3', missing: '4' }
  const cameFromAbroad = history.kind === 'returned' || history.kind === 'foreign' || history.kind === 'born-abroad'
  const monthsHere = 'monthsAgo' in history ? history.monthsAgo : Number.POSITIVE_INFINITY
  const livedThen = (years: number) => (age < years ? '4' : monthsHere < years * 12 ? (cameFromAbroad ? '3' : '2') : '1')
  const bornAbroad = history.kind === 'born-abroad' || (history.kind === 'foreign' && history.monthsAgo > 0)
  const known: Readonly<Record<string, () => Answer>> = {
    B01: () => person.name,
    B02: () => person.relationship,
    B03: () => person.sex,
    B04: () => `${person.birthYear}-${String(person.birthMonth).padStart(2, '0')}-01`,
    B05: () => age,
    B06: () => awayKind[history.kind] ?? '1',
    B07: () => ('monthsAway' in history ? history.monthsAway : 0),
    B08: () => (random.chance(0.35) ? '1' : '0'),
    B09: () => person.marital,
    B10: () => childLivesWith(household),
    B11: () => (person.relationship === '01' || age < 15 ? (age < 15 ? '2' : '1') : random.chance(0.45) ? '1' : '2'),
    B14: () => (person.relationship === '01' ? '1' : '0'),
    B12: () => ('country' in history ? history.country : homeCountry),
    B13: () => ('reason' in history ? history.reason : '01'),
    C01: () => (bornAbroad && 'country' in history ? history.country : homeCountry),
    C02: () => (history.kind === 'foreign' ? (random.chance(0.02) ? 'XXA' : history.country) : homeCountry),
    C03: () => random.pick(['1', '3', '4']),
    C04: () => livedThen(5),
    C05: () => livedThen(1),
    C06: () => (cameFromAbroad && (history.kind !== 'returned' || random.chance(0.85)) ? '1' : '0'),
    C07: () => (history.kind === 'returned' && history.jobStartedMonthsAgo !== null ? '1' : '0'),
    C08: () => ('country' in history ? history.country : random.pick(['SAU', 'HKG'])),
    C09: () => monthsBefore(scene, Number.isFinite(monthsHere) ? monthsHere : Math.max(1, Math.min(200, age * 12 - 2))),
    C10: () => (history.kind === 'foreign' && !history.staying ? '0' : '1'),
    C12: () => ('reason' in history ? history.reason : random.pick(['04', '12'])),
    D01: () => random.weighted({ '1': 55, '2': 33, '3': 6, '4': household.wealth < 0.3 ? 9 : 2 }),
    D02: () =>
      age < 16 ? (random.chance(0.93) ? ['1'] : ['0']) : history.kind === 'foreign' ? ['3', '4'] : random.chance(0.96) ? ['1', '2'] : ['0'],
    D03: () => (random.chance(0.12) ? [random.pick(['1', '2', '3', '5'])] : ['9']),
    D04: () => random.weighted({ '1': 62, '2': 2, '3': 28, '4': 8 }),
    E01: () => (random.chance(age > 60 ? 0.93 : 0.985) ? '1' : '0'),
    E02: () => (random.chance(age < 5 ? 0.4 : age <= 15 ? 0.96 : age <= 17 ? 0.84 : 0.3) ? '1' : '0'),
    E03: () => (age <= 5 ? '0' : age <= 11 ? '1' : age <= 15 ? '2' : age <= 17 ? '3' : '6'),
    E05: () =>
      age <= 6
        ? '9'
        : age <= 11
          ? '0'
          : age <= 15
            ? '1'
            : age <= 17
              ? '2'
              : random.weighted({ '1': 20, '2': 18, '3': 34, '5': 8, '6': household.wealth > 0.5 ? 26 : 9 }),
    F10: () => random.weighted({ '1': 82, '2': 8, '3': 2, '4': 3, '5': 5 }),
    G01: () => (random.chance(age < 18 ? 0.12 : age > 64 ? 0.28 : person.sex === 'M' ? 0.76 : 0.48) ? '1' : '0'),
    G02: () => (random.chance(0.03) ? '1' : '0'),
    G03: () => (random.chance(age > 64 ? 0.02 : 0.16) ? '1' : '0'),
    G04: () => (random.chance(0.7) ? '1' : '0'),
    H01: () => ('country' in history ? history.country : 'SAU'),
    H02: () => monthsBefore(scene, jobStarted(person)),
    H06: () =>
      random.chance(0.12) ? ['00'] : ['01', '02', '03', '04', '06', '07'].filter((_, index) => index === 0 || random.chance(0.6)),
    H06_currency: () => 'PHP',
    H07_currency: () => 'PHP',
    H07: () => random.whole(18, 62) * 1_000,
    I02: () => random.weighted({ '1': 74, '2': 12, '3': 9 }),
    I03: () => (random.chance(0.85) ? '1' : '0'),
    J01: () => random.weighted({ '1': 5, '2': 3 }),
    K10: () => random.whole(1, 90),
  }
  if (/^F0[1-6]$/.test(name))
    return random.weighted(
      age > 64
        ? { '1': 52, '2': 30, '3': 15, '4': 3 }
        : age > 44
          ? { '1': 82, '2': 14, '3': 3.4, '4': 0.6 }
          : { '1': 96, '2': 3, '3': 0.8, '4': 0.2 },
    )
  if (/^H06_\d\d$/.test(name)) return random.whole(1, 18) * 500
  return known[name]?.()
}

function jobStarted({ history }: Person): number {
  if (history.kind === 'abroad') return history.monthsAway
  return history.kind === 'returned' ? (history.jobStartedMonthsAgo ?? 35) : 12
}

function childLivesWith({ people }: Household): string {
  const parents = people.filter((each) => each.relationship === '01' || each.relationship === '02')
  const here = parents.filter(({ history }) => !['abroad', 'away', 'missing'].includes(history.kind))
  if (here.length >= 2) return '1'
  const only = here[0]
  return only === undefined ? '4' : only.sex === 'F' ? '2' : '3'
}
