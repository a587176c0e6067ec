import { describe, expect, it } from 'vitest'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import { day, householdAbroad, Interviewing, surveyOf } from './scenario.ts'

const household: Questionnaire = await householdAbroad()
const opened = () => new Interviewing(household).answer('home_number', '12').answer('agreed', '1')
const head = { first_name: 'Amina', relation: '01', age: 40 }

describe('a new interview', () => {
  it('begins with the day, the settings of the round and the defaults', () => {
    const form = createForm(household, { ...day, settings: { home_country: 'IDN' } })
    expect(form.start()).toEqual({ interview_day: '2026-11-21', home_country: 'IDN', home_region: 'other', size: 0, adults: 0 })
  })

  it('asks what is relevant, and no calculation, hidden value or check', () => {
    expect(new Interviewing(household).asked()).toEqual(['home_number', 'agreed'])
  })

  it('fills in the defaults of a new member', () => {
    expect(opened().addMember('a').member('a')).toMatchObject({ _id: 'a', lives: '1' })
  })

  it('computes a default that reads earlier answers', () => {
    const survey = surveyOf(`type,name,label,default
      integer,first,First?,3
      integer,second,Second?,\${first} + 1`)
    expect(new Interviewing(survey).answers).toEqual({ first: 3, second: 4 })
  })
})

describe('a questionnaire for a newer engine', () => {
  it('is refused, so that an old phone keeps its old form', () => {
    expect(() => createForm({ ...household, engine: 2 as 1 }, day)).toThrow(RangeError)
  })
})

describe('a question that is not relevant', () => {
  it('is not asked', () => {
    const home = opened().addMember('a', head)
    expect(home.asked('a')).not.toContain('country')
    expect(home.answer('lives', '3', 'a').asked('a')).toContain('country')
  })

  it('keeps its answer in the draft, but no expression sees it', () => {
    const home = opened().addMember('a', { ...head, lives: '3', months_away: 600 })
    expect(home.problems()).toContain('blocking check X_months of a')
    home.answer('lives', '1', 'a')
    expect(home.member('a')).toMatchObject({ months_away: 600 })
    expect(home.problems()).not.toContain('blocking check X_months of a')
    expect(home.answer('lives', '3', 'a').member('a')).toMatchObject({ months_away: 600 })
  })

  it('loses its answer at completion, and the places are told', () => {
    const home = opened().addMember('a', { ...head, lives: '3', months_away: 6, country: 'QAT' })
    home.answer('lives', '1', 'a')
    expect(home.problems()).toContain('blocking not-relevant country of a')
    const { answers, pruned } = home.form.prune(home.answers)
    expect(pruned).toEqual([home.place('months_away', 'a'), home.place('country', 'a')])
    expect(home.form.validate(answers)).toEqual([])
  })

  it('takes all members with it when the whole roster is not relevant', () => {
    const home = opened()
      .addMember('a', head)
      .addMember('b', { ...head, relation: '02' })
    home.answer('agreed', '0')
    expect(home.answers['size']).toBe(0)
    const { answers, pruned } = home.form.prune(home.answers)
    expect(pruned).toEqual([{ name: 'person' }])
    expect(answers['person']).toBeUndefined()
  })
})

describe('calculations', () => {
  it('follow every answer they read, over all members', () => {
    const home = opened().addMember('a', head).addMember('b', { relation: '03', age: 12 })
    expect(home.answers).toMatchObject({ size: 2, adults: 1, oldest: 40 })
    expect(home.answer('age', 70, 'b').answers).toMatchObject({ adults: 2, oldest: 70 })
    expect(home.removeMember('b').answers).toMatchObject({ size: 1, adults: 1, oldest: 40 })
  })

  it('know the place of a member, also after another is taken out', () => {
    const home = opened().addMember('a', head).addMember('b').addMember('c')
    expect(home.member('c')).toMatchObject({ place: 3 })
    expect(home.removeMember('a').member('c')).toMatchObject({ place: 2 })
  })

  it('take a missing code of a number for no answer', () => {
    const home = opened().addMember('a', head).addMember('b', { relation: '03', age: -98 })
    expect(home.answers).toMatchObject({ adults: 1, oldest: 40 })
    expect(home.problems()).not.toContain('blocking constraint age of b')
    expect(home.asked('b')).not.toContain('papers')
  })

  it('keep the value that once() chose', () => {
    const survey = surveyOf(`type,name,label,calculation,tala::type
      integer,n,N?,,
      calculate,draw,,once(random()),decimal
      calculate,half,,\${draw} * \${n},decimal`)
    const numbers = [0.25, 0.75]
    const form = createForm(survey, { ...day, random: () => numbers.shift() ?? 1 })
    const started = form.start()
    expect(started['draw']).toBe(0.25)
    const answered = form.answer(started, { name: 'n' }, 2)
    expect(answered).toMatchObject({ draw: 0.25, half: 0.5 })
    expect(form.calculate(answered)).toEqual(answered)
  })

  it('are shown when they are questions, and cannot be typed over', () => {
    const survey = surveyOf(`type,name,label,calculation
      integer,n,N?,
      integer,double,Twice that,\${n} * 2`)
    const interviewing = new Interviewing(survey).answer('n', 4)
    expect(interviewing.asked()).toEqual(['n', 'double'])
    expect(interviewing.answer('double', 5).answers).toEqual({ n: 4, double: 8 })
  })

  it('store a condition as 1 or 0 and nothing for nothing', () => {
    const home = opened().addMember('a', head)
    expect(home.member('a')).toMatchObject({ adult: 1 })
    expect(home.answer('age', undefined, 'a').member('a')).toMatchObject({ adult: 0 })
  })
})

describe('sharing', () => {
  it('gives back the same object for the same answer, and the same rows for members that did not change', () => {
    const home = opened().addMember('a', head).addMember('b', { relation: '03', age: 12 })
    const before = home.answers
    expect(home.answer('age', 12, 'b').answers).toBe(before)
    const [a] = before['person'] as readonly unknown[]
    home.answer('age', 13, 'b')
    expect((home.answers['person'] as readonly unknown[])[0]).toBe(a)
    expect(home.answers).not.toBe(before)
  })

  it('never changes the answers it was given', () => {
    const home = opened().addMember('a', head)
    const before = structuredClone(home.answers)
    const kept = home.answers
    home.answer('age', 41, 'a').addMember('b').removeMember('a')
    expect(kept).toEqual(before)
  })
})

describe('problems of an answer', () => {
  const answered = (name: string, value: never) => new Interviewing(kinds).answer(name, value)
  const kinds = surveyOf(
    `type,name,label,required,constraint,tala::missing,tala::severity,parameters
    integer,whole,N?,,. > 0,98,,
    decimal,amount,N?,,,,,
    range,scale,N?,,,,,start=1 end=5
    date,when,N?,,. <= today(),99,,
    time,clock,N?,,,,,
    geopoint,point,N?,,,,,
    text,words,N?,,string-length(.) < 5,,warning,
    select_one yes_no,one,N?,yes,,,,
    select_multiple some,many,N?,,,,,
    rank some,order,N?,,,,,`,
    `list_name,name,label,exclusive
    yes_no,1,Yes,
    yes_no,0,No,
    some,a,A,
    some,b,B,
    some,none,None,1`,
  )
  const cases: readonly [string, unknown, readonly string[]][] = [
    ['whole', 3, []],
    ['whole', 0, ['constraint']],
    ['whole', 1.5, ['type']],
    ['whole', '3', ['type']],
    ['whole', -98, []],
    ['whole', '98', ['type']],
    ['whole', -99, ['constraint']],
    ['amount', 1.5, []],
    ['amount', 'much', ['type']],
    ['scale', 5, []],
    ['scale', 6, ['constraint']],
    ['when', '2026-11-21', []],
    ['when', '2026-11-22', ['constraint']],
    ['when', '2026-02-30', ['type']],
    ['when', '99', []],
    ['when', -99, ['type']],
    ['when', '98', ['type']],
    ['clock', '23:59', []],
    ['clock', '24:00', ['type']],
    ['point', '14.5995 120.9842 0 4', []],
    ['point', 'here', ['type']],
    ['words', 'abcd', []],
    ['words', 'abcde', ['constraint']],
    ['one', '1', []],
    ['one', '2', ['choice']],
    ['one', ['1'], ['type']],
    ['many', ['a', 'b'], []],
    ['many', ['a', 'a'], ['type']],
    ['many', ['a', 'x'], ['choice']],
    ['many', ['a', 'none'], ['exclusive']],
    ['many', ['none'], []],
    ['order', ['b', 'a'], []],
  ]
  it.each(cases)('%s = %j gives %j', (name, value, expected) => {
    const interviewing = answered(name, value as never)
    expect(interviewing.form.check(interviewing.answers, { name }).map(({ kind }) => kind)).toEqual(expected)
  })

  it('are blocking unless the row says warning', () => {
    const interviewing = new Interviewing(kinds).answer('words', 'abcdef').answer('one', '1')
    expect(interviewing.problems()).toEqual(['warning constraint words'])
  })

  it('hold where and which rule, never the answer', () => {
    const interviewing = new Interviewing(kinds).answer('words', 'Confidential')
    expect(JSON.stringify(interviewing.form.validate(interviewing.answers))).not.toContain('Confidential')
  })

  it('tell a missing required answer, and only while it is asked', () => {
    expect(new Interviewing(kinds).problems()).toEqual(['blocking required one'])
    expect(opened().problems()).toEqual([])
    expect(opened().addMember('a').problems()).toContain('blocking required age of a')
  })

  it('tell names that the form does not have', () => {
    const home = opened().addMember('a', head)
    const strange = { ...home.answers, surname: 'x', person: [{ ...home.member('a'), _id: 'a', home_number: '1' }] }
    const unknown = home.form.validate(strange).filter(({ kind }) => kind === 'unknown-name')
    expect(unknown.map(({ place }) => place)).toEqual([{ name: 'surname' }, home.place('home_number', 'a')])
  })

  it('do not ask the server for identifiers that travel apart', () => {
    const form = createForm(household, { ...day, withoutIdentifiers: true })
    const { home_number: _, ...apart } = opened().addMember('a', head).answers
    expect(form.validate(apart).map(({ place }) => place.name)).toEqual([])
  })
})

describe('checks between members', () => {
  it('are raised while their condition holds, with their own severity', () => {
    const home = opened()
      .addMember('a', head)
      .addMember('b', { ...head, lives: '3', country: 'QAT', months_away: 3 })
    expect(home.answer('money', 0).problems()).toEqual(['blocking check X_head', 'warning check X_money'])
    expect(home.answer('relation', '02', 'b').answer('money', 10).problems()).toEqual([])
  })

  it('are not asked', () => {
    expect(
      opened()
        .addMember('a')
        .asked()
        .some((name) => name.startsWith('X_')),
    ).toBe(false)
  })
})

describe('choices', () => {
  it('pass the choice filter, with the answers of the member', () => {
    const home = opened().addMember('a', { ...head, lives: '3' })
    expect(home.form.choices(home.answers, home.place('country', 'a')).map(({ name }) => name)).toEqual(['SAU', 'QAT', '98'])
    expect(home.answer('country', 'ITA', 'a').problems()).toContain('blocking choice country of a')
  })

  it('include those of the round', () => {
    const form = createForm(household, {
      ...day,
      lists: { country: [{ name: 'PHL', label: { en: 'Philippines' }, columns: { region: 'asia' } }] },
    })
    const answers = form.answer(
      form.addRow(form.answer(form.start(), { name: 'agreed' }, '1'), 'person', 'a'),
      { name: 'lives', repeat: 'person', row: 'a' },
      '3',
    )
    expect(form.choices(answers, { name: 'country', repeat: 'person', row: 'a' }).map(({ name }) => name)).toEqual([
      'PHL',
      'SAU',
      'QAT',
      '98',
    ])
  })
})

describe('texts', () => {
  it('name the member, in the language or else in the default language', () => {
    const home = opened().addMember('a', head)
    const text = (part: 'label' | 'constraintMessage', language: string) =>
      home.form.text(home.answers, home.place('age', 'a'), part, language)
    expect(text('label', 'fil')).toBe('Ilang taon si Amina?')
    expect(text('label', 'ne')).toBe('How old is Amina?')
    expect(text('constraintMessage', 'fil')).toBe('Between 0 and 115 years.')
  })

  it('show the label of a choice, and an ellipsis for what is not known yet', () => {
    const survey = surveyOf(`type,name,label
      select_one yes_no,a,A?
      note,b,You said \${a}.`)
    const interviewing = new Interviewing(survey)
    expect(interviewing.form.text(interviewing.answers, { name: 'b' }, 'label', 'en')).toBe('You said ….')
    interviewing.answer('a', '0')
    expect(interviewing.form.text(interviewing.answers, { name: 'b' }, 'label', 'en')).toBe('You said No.')
  })
})

describe('a repeat with a count', () => {
  const survey = surveyOf(`type,name,label,repeat_count
    integer,n,How many?,
    begin_repeat,person,People,\${n}
    text,called,Name?,
    end_repeat,,,`)
  it('tells how many rows it must have, and misses them', () => {
    const home = new Interviewing(survey).answer('n', 2).addMember('a')
    expect(home.form.rowCount(home.answers, 'person')).toBe(2)
    expect(home.problems()).toEqual(['blocking required person'])
    expect(home.addMember('b').problems()).toEqual([])
  })
})

describe('a place that the form does not have', () => {
  it.each([
    ['an unknown name', { name: 'nothing' }],
    ['a member without row', { name: 'age' }],
    ['a row that was taken out', { name: 'age', repeat: 'person', row: 'gone' }],
    ['a group', { name: 'people' }],
  ])('is a mistake of the program: %s', (_, place) => {
    const home = opened()
    expect(() => home.form.answer(home.answers, place, '1')).toThrow(RangeError)
  })

  it('includes a row id that is taken', () => {
    expect(() => opened().addMember('a').addMember('a')).toThrow(RangeError)
  })
})
