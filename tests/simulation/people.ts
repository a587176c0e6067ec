import type { Random } from './random.ts'

/** What moved a made-up person. The interview turns it into the answers of modules B, C, H and I. */
export type History =
  | { readonly kind: 'local' }
  | { readonly kind: 'internal'; readonly monthsAgo: number; readonly reason: string }
  | {
      readonly kind: 'returned'
      readonly country: string
      readonly monthsAgo: number
      readonly jobStartedMonthsAgo: number | null
      readonly reason: string
    }
  | { readonly kind: 'foreign'; readonly country: string; readonly monthsAgo: number; readonly staying: boolean; readonly reason: string }
  | { readonly kind: 'born-abroad'; readonly country: string; readonly monthsAgo: number }
  | { readonly kind: 'abroad'; readonly country: string; readonly monthsAway: number; readonly reason: string }
  | { readonly kind: 'away'; readonly monthsAway: number; readonly reason: string }
  | { readonly kind: 'missing'; readonly monthsAway: number }

export interface Person {
  readonly name: string
  /** Code of the list `relationship`. */
  readonly relationship: string
  readonly sex: 'F' | 'M'
  readonly birthYear: number
  readonly birthMonth: number
  /** Completed years on the interview day. */
  readonly age: number
  readonly marital: string
  readonly history: History
}

export interface Household {
  readonly area: string
  readonly number: string
  readonly people: readonly Person[]
  readonly agrees: boolean
  /** 0 poorest to 1: drives income, house and papers together, so that tables look like a place and not like noise. */
  readonly wealth: number
}

const names = {
  F: [
    'Amihan',
    'Luningning',
    'Maya',
    'Tala',
    'Ligaya',
    'Hiraya',
    'Dalisay',
    'Mutya',
    'Sinag',
    'Bituin',
    'Liwayway',
    'Marikit',
    'Amina',
    'Rosa',
    'Nena',
    'Ising',
  ],
  M: [
    'Bayani',
    'Lakan',
    'Makisig',
    'Datu',
    'Isagani',
    'Malaya',
    'Alon',
    'Dakila',
    'Habagat',
    'Kidlat',
    'Omar',
    'Berto',
    'Andoy',
    'Kulas',
    'Ramil',
    'Tino',
  ],
} as const

const workCountries = { SAU: 24, ARE: 17, QAT: 9, HKG: 11, SGP: 9, KWT: 7, TWN: 7, MYS: 6, JPN: 5, ITA: 3, USA: 2 } as const
const originCountries = { IND: 5, CHN: 5, KOR: 3, MYS: 3, IDN: 4, USA: 2 } as const

/** One made-up household, consistent in itself: ages, relations, who is away and why. */
export function makeHousehold(random: Random, place: { area: string; number: string }, today: { year: number; month: number }): Household {
  const wealth = random.next()
  const makePerson = (relationship: string, sex: 'F' | 'M', age: number, marital: string, history: History): Person => {
    // The birthday of this year is not in the future only when its month has come: then the year follows from the age.
    const birthMonth = random.whole(1, 12)
    const birthYear = today.year - age - (birthMonth > today.month ? 1 : 0)
    return { name: random.pick(names[sex]), relationship, sex, birthYear, birthMonth, age, marital: age < 15 ? 'S' : marital, history }
  }
  const foreign = random.chance(0.05)
  const headSex = random.chance(0.72) ? 'M' : 'F'
  const headAge = random.whole(24, 74)
  const family: History = foreign ? foreignHistory(random, headAge) : { kind: 'local' }
  const couple = random.chance(0.78)
  const head = makePerson(
    '01',
    headSex,
    headAge,
    couple ? 'M' : random.pick(['S', 'W', 'L']),
    foreign ? family : adultHistory(random, headAge),
  )
  const people: Person[] = [head]
  if (couple) {
    const age = Math.max(19, Math.min(85, headAge + random.whole(-7, 5)))
    const sex = headSex === 'M' ? 'F' : 'M'
    people.push(
      makePerson('02', sex, age, 'M', foreign ? clampHistory(family, age) : (awayOr(random, 0.16, age) ?? adultHistory(random, age))),
    )
  }
  const youngestParent = Math.min(...people.map((each) => each.age))
  const children = couple ? random.whole(0, 4) : random.whole(0, 2)
  for (let index = 0; index < children; index++) {
    const age = random.whole(0, Math.max(0, youngestParent - 18))
    const sex = random.chance(0.51) ? 'M' : 'F'
    const history = foreign
      ? clampHistory(family, age)
      : age >= 19
        ? (awayOr(random, 0.22, age) ?? adultHistory(random, age))
        : childHistory(random, age)
    people.push(makePerson('03', sex, age, age >= 24 && random.chance(0.4) ? 'M' : 'S', history))
  }
  if (random.chance(0.16))
    people.push(makePerson('06', random.chance(0.65) ? 'F' : 'M', Math.min(97, headAge + random.whole(20, 28)), 'W', { kind: 'local' }))
  if (random.chance(0.12))
    people.push(makePerson('05', random.chance(0.5) ? 'F' : 'M', random.whole(0, Math.max(0, headAge - 42)), 'S', { kind: 'local' }))
  if (random.chance(0.08))
    people.push(
      makePerson('08', random.chance(0.5) ? 'F' : 'M', Math.max(18, headAge + random.whole(-9, 6)), 'S', adultHistory(random, 30)),
    )
  return { ...place, people, agrees: random.chance(0.97), wealth }
}

function adultHistory(random: Random, age: number): History {
  const kind = random.weighted({ local: 78, internal: 12, returned: 8.5, 'born-abroad': 1.5 })
  if (kind === 'internal')
    return {
      kind,
      monthsAgo: random.whole(2, 110),
      reason: random.weighted({ '01': 3, '02': 4, '03': 1, '04': 4, '05': 2, '09': 1.2, '06': 0.5, '13': 0.5 }),
    }
  if (kind === 'returned' && age >= 21) {
    const monthsAgo = random.whole(1, 58)
    const recent = random.chance(0.6) && monthsAgo < 30
    return {
      kind,
      country: random.weighted(workCountries),
      monthsAgo,
      jobStartedMonthsAgo: recent ? random.whole(monthsAgo + 3, 35) : null,
      reason: random.weighted({ '12': 7, '04': 1, '11': 0.4, '06': 0.4 }),
    }
  }
  if (kind === 'born-abroad')
    return { kind, country: random.weighted(originCountries), monthsAgo: random.whole(61, Math.max(62, age * 12 - 1)) }
  return { kind: 'local' }
}

function childHistory(random: Random, age: number): History {
  return age >= 2 && random.chance(0.06)
    ? { kind: 'internal', monthsAgo: random.whole(1, Math.min(50, age * 12 - 1)), reason: '05' }
    : { kind: 'local' }
}

function awayOr(random: Random, probability: number, age: number): History | null {
  if (age < 19 || !random.chance(probability)) return null
  const kind = random.weighted({ abroad: 70, away: 26, missing: 1 })
  if (kind === 'abroad')
    return {
      kind,
      country: random.weighted(workCountries),
      monthsAway: random.whole(1, 90),
      reason: random.weighted({ '01': 7, '02': 2, '04': 1 }),
    }
  if (kind === 'away') return { kind, monthsAway: random.whole(1, 40), reason: random.weighted({ '01': 3, '02': 3, '03': 2 }) }
  return { kind: 'missing', monthsAway: random.whole(3, 60) }
}

function foreignHistory(random: Random, age: number): History {
  const monthsAgo = random.whole(2, Math.min(240, age * 12 - 1))
  return {
    kind: 'foreign',
    country: random.weighted(originCountries),
    monthsAgo,
    staying: monthsAgo >= 12 || random.chance(0.7),
    reason: random.weighted({ '01': 3, '02': 1, '04': 3, '06': 0.5, '08': 0.3 }),
  }
}

/** A child of a foreign family that is younger than the family's stay was born here. */
function clampHistory(history: History, age: number): History {
  if (history.kind !== 'foreign') return history
  const longest = age * 12 - 1
  return longest < 2 ? { ...history, monthsAgo: 0 } : { ...history, monthsAgo: Math.min(history.monthsAgo, longest) }
}
