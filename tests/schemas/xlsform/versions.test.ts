import { describe, expect, it } from 'vitest'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { comparableColumns, compareQuestionnaires } from '../../../schemas/xlsform/compare.ts'
import { mappingBetween, migrateAnswers } from '../../../schemas/xlsform/migrate.ts'
import { day, surveyOf } from '../interview/scenario.ts'

const header = 'type,name,label,relevant,constraint,calculation,tala::concept,tala::sensitivity'
const lists = (extra = ''): string => `list_name,name,label\npresence,1,Here\npresence,3,Abroad\n${extra}`
const rows = {
  agreed: 'integer,agreed,Do you agree?,,,,,',
  lives: 'select_one presence,lives,Where does the person live?,,,,presence/1,ordinary',
  age: 'integer,age,How old?,,. < 120,,age/1,quasi-identifier',
}
const version = (survey: readonly string[], choices = lists(), number = '1'): Questionnaire => ({
  ...surveyOf([header, ...survey].join('\n'), choices),
  version: number,
})
const base = version(Object.values(rows))
const compared = (survey: readonly string[], choices?: string) => compareQuestionnaires(base, version(survey, choices, '2'))

describe('what changed between two versions', () => {
  it('is nothing for the same sheets', () => {
    expect(compareQuestionnaires(base, base)).toEqual({ changes: [], problems: [] })
  })

  it.each([
    ['a question that is added', [...Object.values(rows), 'text,why,Why?,,,,,'], undefined, ['added why: not comparable']],
    ['a question that is removed', [rows.lives, rows.age], undefined, ['removed agreed: not comparable']],
    [
      'a question with another name and the same words',
      [rows.lives, rows.age, 'integer,consent,Do you agree?,,,,,'],
      undefined,
      ['renamed consent: comparable'],
    ],
    ['another type', [rows.agreed, rows.lives, rows.age.replace('integer', 'decimal')], undefined, ['retyped age: not comparable']],
    ['a new code', Object.values(rows), lists('presence,4,Not known'), ['recoded lives: not comparable']],
    ['another label of a code', Object.values(rows), lists().replace('Abroad', 'In another country'), ['relabelled lives: comparable']],
    ['other words', [rows.agreed, rows.lives, rows.age.replace('How old?', 'What is the age?')], undefined, ['wording age: comparable']],
    ['a comma', [rows.agreed, rows.lives, rows.age.replace('How old?', 'How old')], undefined, []],
    ['another concept', [rows.agreed, rows.lives, rows.age.replace('age/1', 'age/2')], undefined, ['concept age: not comparable']],
    [
      'another universe',
      [rows.agreed, rows.lives, rows.age.replace('old?,', 'old?,${agreed} > 0')],
      undefined,
      ['universe age: not comparable'],
    ],
    ['another rule', [rows.agreed, rows.lives, rows.age.replace('120', '115')], undefined, ['rule age: comparable']],
    [
      'another sensitivity',
      [rows.agreed, rows.lives, rows.age.replace('quasi-identifier', 'ordinary')],
      undefined,
      ['sensitivity age: comparable'],
    ],
  ] as const)('is told in words: %s', (_, survey, choices, expected) => {
    const { changes } = compared(survey, choices)
    expect(changes.map(({ kind, name, comparable }) => `${kind} ${name}: ${comparable ? 'comparable' : 'not comparable'}`)).toEqual(
      expected,
    )
    for (const { words, name } of changes) expect(words).toContain(name)
  })

  it('is refused when words or codes change under an unchanged concept', () => {
    const { problems } = compared(Object.values(rows), lists('presence,4,Not known'))
    expect(problems).toEqual([{ name: 'lives', message: expect.stringContaining('Raise it to presence/2') as string }])
    const raised = rows.lives.replace('presence/1', 'presence/2')
    expect(compared([rows.agreed, raised, rows.age], lists('presence,4,Not known')).problems).toEqual([])
  })

  it('is refused between two surveys', () => {
    expect(compareQuestionnaires(base, { ...base, id: 'other' }).problems).toEqual([
      { name: 'other', message: expect.stringContaining('These are two surveys, test and other') as string },
    ])
  })

  it('is refused when the content changes and the version does not', () => {
    const { problems } = compareQuestionnaires(base, version([rows.lives, rows.age]))
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('version is still 1')])
  })
})

describe('columns of rounds with different versions', () => {
  it('are comparable when nothing changed what they mean', () => {
    const newer = version(
      [rows.agreed, rows.lives, rows.age.replace('120', '115'), 'text,why,Why?,,,,,'],
      lists('presence,4,Not known'),
      '2',
    )
    expect(comparableColumns([base, newer])).toEqual(['agreed', 'age'])
  })
})

describe('an open draft of an older version', () => {
  const older = version(['begin_repeat,person,People,,,,,', rows.lives, rows.age, 'end_repeat,,,,,,,', rows.agreed])
  const newer = version(
    [
      'begin_repeat,person,People,,,,,',
      rows.lives,
      'integer,years,How old?,,,,age/1,',
      'end_repeat,,,,,,,',
      rows.agreed,
      'calculate,size,,,,count(${person}),,',
    ],
    'list_name,name,label\npresence,1,Here\npresence,9,Abroad',
    '2',
  )

  it('moves by rules: same names stay, renamed questions and codes follow, calculations are the newer form’s', () => {
    const mappings = mappingBetween(older, newer)
    expect(mappings).toEqual([
      { from: 'lives', to: 'lives', codes: { 1: '1', 3: '9' } },
      { from: 'age', to: 'years' },
      { from: 'agreed', to: 'agreed' },
    ])
    const draft = { agreed: 1, person: [{ _id: 'a', lives: '3', age: 40 }] }
    expect(migrateAnswers(draft, mappings, createForm(newer, day))).toEqual({
      answers: { agreed: 1, size: 1, person: [{ _id: 'a', lives: '9', years: 40 }] },
      lost: [],
    })
  })

  it('tells the places whose answer has no rule', () => {
    const without = version(
      ['begin_repeat,person,People,,,,,', rows.lives, 'end_repeat,,,,,,,'],
      'list_name,name,label\npresence,1,Here',
      '2',
    )
    const draft = {
      agreed: 1,
      person: [
        { _id: 'a', lives: '3', age: 40 },
        { _id: 'b', lives: '1' },
      ],
    }
    const { answers, lost } = migrateAnswers(draft, mappingBetween(older, without), createForm(without, day))
    expect(answers).toEqual({ person: [{ _id: 'a' }, { _id: 'b', lives: '1' }] })
    expect(lost).toEqual([{ name: 'agreed' }, { name: 'lives', repeat: 'person', row: 'a' }, { name: 'age', repeat: 'person', row: 'a' }])
  })
})
