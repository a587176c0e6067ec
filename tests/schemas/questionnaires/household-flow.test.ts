import { beforeAll, describe, expect, it } from 'vitest'
import type { Form } from '../../../schemas/interview/form.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { askedAtHome, askedOf, checks, compiled, formOf, type Given, head, interview } from './household.ts'

let questionnaire: Questionnaire
let form: Form
beforeAll(async () => {
  questionnaire = await compiled('household')
  form = formOf(questionnaire)
})

const private_ = ['D05', 'F11', 'I08', 'L01', 'L03', 'L04', 'L05', 'L06']
const child: Given = { B01: 'Caloy', B02: '03', B03: 'M', B05: 8, B06: '1', B11: '2' }
const returnee: Given = { ...head, C06: '1', C07: '1', C08: 'QAT', C09: '2025-01-01' }

describe('consent', () => {
  it('asks nothing after No but keeps area, home number, result and the No itself', () => {
    const answers = interview(form, [], { A07: '0', A08: '1' })
    expect(askedAtHome(form, answers)).toEqual(['A01', 'A02', 'A03', 'consent_intro', 'A07'])
    const kept = Object.keys(form.prune(answers).answers).filter((name) => /^[A-Z]\d\d/.test(name))
    expect(kept).toEqual(['A01', 'A02', 'A03', 'A07'])
  })

  it('refuses a stored answer beyond the No', () => {
    const refused = form.calculate({ ...interview(form, [], { A07: '0' }), M01: '1' })
    expect(form.validate(refused)).toContainEqual({ kind: 'not-relevant', severity: 'blocking', place: { name: 'M01' } })
  })

  it('refuses people listed beyond the No', () => {
    const answers = form.calculate({ ...interview(form, [head]), A07: '0' })
    expect(form.validate(answers).filter(({ place }) => place.name === 'person')).toMatchObject([{ kind: 'not-relevant' }])
    expect(form.prune(answers).answers['person']).toBeUndefined()
  })

  it('stops at the door when nobody can answer', () => {
    expect(askedAtHome(form, interview(form, [], { A03: '3' }))).toEqual(['A01', 'A02', 'A03'])
  })

  it('raises a check when a child answers for the home', () => {
    expect(checks(form, interview(form, [], { A06: '0' }))).toContain('X22')
    expect(askedAtHome(form, interview(form, [], { A06: '0' }))).not.toContain('M01')
  })

  it('says whom to count when the round has a reference day', () => {
    const counted = formOf(questionnaire, { reference_day: '2026-05-01' })
    const answers = interview(counted, [])
    expect(askedAtHome(counted, answers)).toContain('who_counts')
    expect(counted.text(answers, { name: 'who_counts' }, 'label', 'en')).toMatch(/lived here on .*2026/)
    expect(askedAtHome(form, interview(form, []))).not.toContain('who_counts')
  })

  it('asks for a phone number only when help or another visit is wanted', () => {
    expect(askedAtHome(form, interview(form, []))).not.toContain('A12')
    expect(askedAtHome(form, interview(form, [], { A10: '1' }))).toContain('A12')
  })
})

describe('who is asked what', () => {
  it('asks a child of 8 about school, not about work, marriage or private things', () => {
    const asked = askedOf(form, interview(form, [head, child]), 2)
    expect(asked).toEqual(expect.arrayContaining(['B10', 'D01', 'E02', 'F01', 'F07']))
    for (const name of ['B09', 'B14', 'C07', 'E01', 'F10', 'G01', 'K01', ...private_]) expect(asked).not.toContain(name)
  })

  it('asks about the school left only when a child of school age does not go', () => {
    expect(askedOf(form, interview(form, [head, { ...child, E02: '0' }]), 2)).toContain('E04')
    expect(askedOf(form, interview(form, [head, { ...child, E02: '98' }]), 2)).not.toContain('E04')
  })

  it('asks about a member abroad only what others can tell', () => {
    const abroad: Given = { B01: 'Dan', B02: '03', B03: 'M', B05: 24, B06: '3', B07: 9, B12: 'SAU', B13: '01' }
    const asked = askedOf(form, interview(form, [head, abroad]), 2)
    expect(asked).toEqual(expect.arrayContaining(['B08', 'B12', 'C01', 'C02', 'D04', 'H01', 'H06', 'H07', 'J01']))
    for (const name of ['C04', 'D02', 'E05', 'F01', 'G01', 'I01', 'J02', 'K01']) expect(asked).not.toContain(name)
  })

  it('asks where a missing member was reported, and offers help to look', () => {
    expect(askedOf(form, interview(form, [head, { B01: 'Eve', B02: '08', B03: 'F', B05: 30, B06: '4', B07: 20, B13: '98' }]), 2)).toEqual(
      expect.arrayContaining(['J01', 'J02', 'J03']),
    )
  })

  it('asks the amount of each cost that was marked, and of no other', () => {
    const asked = askedOf(form, interview(form, [{ ...returnee, H06: ['01', '12'] }]))
    expect(asked.filter((name) => /^H06_\d/.test(name))).toEqual(['H06_01', 'H06_12'])
  })

  it('asks for the rate only when costs and pay were in different money', () => {
    const paid: Given = { ...returnee, H06: ['01'], H06_currency: 'PHP', H06_01: 5, H07: 5 }
    expect(askedOf(form, interview(form, [{ ...paid, H07_currency: 'QAR' }]))).toContain('H07_rate')
    expect(askedOf(form, interview(form, [{ ...paid, H07_currency: 'PHP' }]))).not.toContain('H07_rate')
  })

  it('does not ask how long the water takes while the source is not told', () => {
    expect(askedAtHome(form, interview(form, [head]))).not.toContain('N06')
    expect(askedAtHome(form, interview(form, [head], { N05: '98' }))).not.toContain('N06')
    expect(askedAtHome(form, interview(form, [head], { N05: '05' }))).toContain('N06')
  })

  it('asks why no office was told only after the answer to whom', () => {
    const problem: Given = { ...head, K07: '1' }
    expect(askedOf(form, interview(form, [problem]))).not.toContain('K09')
    expect(askedOf(form, interview(form, [{ ...problem, K08: ['08'] }]))).toContain('K09')
    const told = askedOf(form, interview(form, [{ ...problem, K08: ['03', '08'] }]))
    expect(told).toEqual(expect.arrayContaining(['K10', 'K11']))
    expect(told).not.toContain('K09')
  })

  it('offers "no citizenship" for citizenship and not for a country of birth', () => {
    const answers = interview(form, [head])
    const codes = (name: string) => form.choices(answers, { name, repeat: 'person', row: 'row-1' }).map((choice) => choice.name)
    expect(codes('C02')).toEqual(expect.arrayContaining(['XXA', 'XXX', '98', '99']))
    for (const name of ['C01', 'H01', 'B12']) expect(codes(name)).not.toContain('XXA')
  })
})

describe('the point of the home', () => {
  it('is asked only where the round says so', () => {
    const asked = (settings: Readonly<Record<string, number>>) => {
      const own = formOf(questionnaire, settings)
      return askedAtHome(own, interview(own, [head])).includes('A13')
    }
    expect([asked({}), asked({ ask_home_point: 1 })]).toEqual([false, true])
  })
})

describe('the private questions', () => {
  const open = { ask_module_l: 1, certified: 1, ask_legal_status: 1 }
  const foreign: Given = { ...returnee, C01: 'KOR', C02: 'KOR' }
  const closed = (settings: Readonly<Record<string, number>>, person: Given, household: Given = {}) => {
    const it_ = formOf(questionnaire, settings)
    const asked = askedOf(it_, interview(it_, [person], household))
    return private_.filter((name) => !asked.includes(name))
  }

  it('open for an adult who answers alone, when the round opens them', () => {
    expect(closed(open, foreign)).toEqual(['I08'])
    expect(closed(open, returnee)).toEqual(['D05'])
  })
  it('stay closed by default: legal status and module L', () =>
    expect(closed({}, foreign)).toEqual(['D05', 'I08', 'L01', 'L03', 'L04', 'L05', 'L06']))
  it('about safety stay closed on the phone of an enumerator who is not trained, whatever the round says', () =>
    expect(closed({ ...open, certified: 0 }, returnee)).toEqual(['D05', 'L01', 'L03', 'L04', 'L05', 'L06']))
  it('close when another adult can hear', () => expect(closed(open, foreign, { A05: '3' })).toEqual(private_))
  it('close when the employer can hear', () => expect(closed(open, foreign, { A05: '4' })).toEqual(private_))
  it('close when somebody else answers', () => expect(closed(open, { ...foreign, B11: '2' })).toEqual(private_))
  it('close under 18', () => expect(closed(open, { ...foreign, B05: 17 })).toEqual(private_))
  it('close while the age is not known', () => expect(closed(open, { ...foreign, B05: -98 })).toEqual(private_))

  it('are refused by the server when they were answered all the same', () => {
    const opened = formOf(questionnaire, open)
    const answers = interview(opened, [{ ...returnee, L01: '1' }])
    const overheard = opened.calculate({ ...answers, A05: '3' })
    expect(opened.validate(overheard)).toContainEqual({
      kind: 'not-relevant',
      severity: 'blocking',
      place: { name: 'L01', repeat: 'person', row: 'row-1' },
    })
  })
})

describe('checks', () => {
  const spouse: Given = { ...head, B01: 'Ben', B02: '02', B03: 'M', B05: 43, B14: '0' }
  const home = (...people: Given[]) => checks(form, interview(form, people))

  it('are quiet in a home where all fits', () =>
    expect(checks(form, interview(form, [head, spouse, child], { N04: 2, M01: '0' }))).toEqual([]))
  it('X01: the age and the month of birth', () => {
    expect(home({ ...head, B04: '1980-01-01' })).toContain('X01')
    expect(home({ ...head, B04: '1986-01-01' })).toEqual([])
    expect(home({ ...head, B04: '1985-06-01' })).toEqual([])
  })
  it('X02: one head', () => {
    expect(home(spouse)).toContain('X02')
    expect(home(head, { ...spouse, B02: '01' })).toContain('X02')
  })
  it('X03: the ages of head and partner', () => {
    expect(home(head, { ...spouse, B05: 80 })).toContain('X03')
    expect(home(head, { ...spouse, B05: 14 })).toContain('X03')
    expect(home(head, { ...spouse, B05: 79 })).toEqual([])
  })
  it('X04: parents are older than their children', () => {
    expect(home(head, { ...child, B05: 29 })).toContain('X04')
    expect(home(head, { ...child, B05: 26 })).toContain('X04_near')
    expect(home(head, { ...child, B05: 25 })).toEqual([])
    expect(home(head, { ...child, B02: '06', B05: 50 })).toContain('X04')
    expect(home(head, { ...child, B02: '06', B05: 56 })).toEqual([])
  })
  it('X05: marriage under 18', () => {
    expect(home(head, { ...child, B05: 16, B09: 'M' })).toContain('X05_near')
    expect(home(head, { ...child, B05: 16, B09: 'S' })).toEqual([])
  })
  it('X06: dates in their order', () => {
    expect(home({ ...returnee, C09: '2026-07-01' })).toContain('X06')
    expect(home({ ...returnee, B04: '1986-01-01', C09: '1985-12-01' })).toContain('X06')
    expect(home({ ...returnee, B04: '1986-01-01', H02: '1999-12-01' })).toContain('X06')
    expect(home({ ...returnee, B04: '1986-01-01', H02: '2024-01-01' })).toEqual([])
  })
  it('X07: nobody is away longer than the age', () => {
    const away: Given = { B01: 'Fe', B02: '03', B03: 'F', B05: 2, B06: '3', B12: 'SAU', B13: '05' }
    expect(home(head, { ...away, B07: 36 })).toContain('X07')
    expect(home(head, { ...away, B07: 35 })).toEqual([])
  })
  it('X08: who lived abroad a year ago has a last country', () => {
    expect(home({ ...head, C05: '3' })).toContain('X08')
    expect(home({ ...head, C05: '3', C08: 'QAT' })).not.toContain('X08')
  })
  it('X09: a last country without a life abroad', () => {
    expect(home({ ...head, C05: '3', C08: 'QAT' })).toContain('X09')
    expect(home({ ...returnee, C06: '0' })).toEqual([])
  })
  it('X10: an exclusive code stands alone', () => {
    const problems = form.validate(interview(form, [{ ...head, F09: ['1', '0'] }]))
    expect(problems.filter(({ kind }) => kind === 'exclusive').map(({ place }) => place.name)).toEqual(['F09'])
  })
  it('X11: school levels that fit the age', () => {
    expect(home(head, { ...child, E02: '1', E03: '3' })).toContain('X11')
    expect(home(head, { ...child, E02: '1', E03: '1', E05: '0' })).toEqual([])
    expect(home({ ...head, B05: 20, E02: '1', E03: '1', E05: '3' })).toContain('X11')
    expect(home({ ...head, B05: 20, E02: '1', E03: '1', E05: '9' })).toEqual([])
  })
  it('X12: people per room', () => {
    const eleven = [head, ...Array.from({ length: 10 }, () => ({ ...child, B02: '09' }))]
    expect(checks(form, interview(form, eleven, { N04: 1 }))).toContain('X12')
    expect(checks(form, interview(form, eleven, { N04: 2 }))).toEqual([])
  })
  it('X13: a job that cost more than 60 months of pay, or nothing for what was marked', () => {
    const paid: Given = { ...returnee, H06: ['01'], H06_currency: 'PHP', H06_01: 61000, H07: 1000, H07_currency: 'PHP' }
    expect(home(paid)).toContain('X13')
    expect(home({ ...paid, H06_01: 60000 })).toEqual([])
    expect(home({ ...paid, H06_01: 0 })).toContain('X13')
  })
  it('X14: a fee above 30 of 100', () => {
    expect(checks(form, interview(form, [head], { M01: '1', M04_amount: 1000, M04_fee: 301 }))).toContain('X14')
    expect(checks(form, interview(form, [head], { M01: '1', M04_amount: 1000, M04_fee: 300 }))).toEqual([])
  })
  it('X17: no money while a member works abroad', () => {
    const abroad: Given = { B01: 'Gil', B02: '03', B03: 'M', B05: 22, B06: '3', B07: 6, B12: 'SAU', B13: '01' }
    expect(checks(form, interview(form, [head, abroad], { M01: '0' }))).toContain('X17')
    expect(checks(form, interview(form, [head, { ...abroad, B07: 5 }], { M01: '0' }))).toEqual([])
  })
  it('X20: a long number in the words of the household', () => {
    expect(checks(form, interview(form, [head], { Q01: 'Call me at 0917 555 0100 please' }))).toContain('X20')
    expect(checks(form, interview(form, [head], { Q01: 'We waited 4 months in 2024.' }))).toEqual([])
    expect(checks(form, interview(form, [head], { Q01: 'First.\nCall 0917 555 0100.\nThanks' }))).toContain('X20')
  })
  it('X21: one person is talked with', () => expect(home(head, { ...spouse, B14: '1' })).toContain('X21'))

  it('fill the name into what the enumerator reads', () => {
    const answers = interview(form, [{ ...head, B04: '1980-01-01' }])
    expect(form.text(answers, { name: 'X01', repeat: 'person', row: 'row-1' }, 'label', 'en')).toContain('Ana')
  })
})
