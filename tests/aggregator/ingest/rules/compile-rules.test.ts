import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { answersCheck } from '../../../../aggregator/ingest/answers-check.ts'
import { identifierNames, withIdentity } from '../../../../aggregator/ingest/merge-identity.ts'
import { compileRules, type Rules } from '../../../../aggregator/ingest/rules/compile-rules.ts'
import { type Identifiers, identifiersOf } from '../../../../aggregator/ingest/rules/read-identity.ts'
import type { Answers, Row } from '../../../../schemas/interview/answers.ts'
import { createForm } from '../../../../schemas/interview/create-form.ts'
import type { Form, FormContext, Problem } from '../../../../schemas/interview/form.ts'
import { splitIdentity } from '../../../../schemas/interview/split-identity.ts'
import type { Expression } from '../../../../schemas/language/expression.ts'
import type { Item, Questionnaire } from '../../../../schemas/questionnaire.ts'
import { samples } from '../../../../bench/ingest/made-up.ts'
import { day, exampleSurvey, householdAbroad } from '../../../schemas/interview/scenario.ts'
import { steps, walk } from '../../../schemas/interview/random-paths.ts'

interface Sealed {
  readonly answers: Answers
  readonly identity: Identifiers
}

/** As it travels: identifiers apart, calculations left out. */
function sealed(questionnaire: Questionnaire, answers: Answers): Sealed {
  const { answers: kept, identity } = splitIdentity(questionnaire, answers)
  const calculated = new Set(calculations(questionnaire.items))
  const without = (given: Answers): Answers =>
    Object.fromEntries(
      Object.entries(given)
        .filter(([name]) => !calculated.has(name))
        .map(([name, value]) => [name, areRows(value) ? value.map((row) => without(row as Answers) as unknown as Row) : value]),
    )
  return { answers: without(kept), identity: identifiersOf(identity) }
}
const areRows = (value: Answers[string]): value is readonly Row[] => Array.isArray(value) && typeof value[0] === 'object'
const calculations = (items: readonly Item[]): string[] =>
  items.flatMap((item) => (item.kind === 'question' ? (item.calculation === undefined ? [] : [item.name]) : calculations(item.items)))

/** What the rules hold, as answers. */
function held({ levels }: Rules): Answers {
  const answers: Record<string, Answers[string]> = {}
  for (const { repeat, slots, ids } of levels) {
    const holders = repeat === undefined ? [answers] : ids.map((_id): Record<string, Answers[string]> => ({ _id }))
    for (const { question, raw } of slots)
      for (const [place, holder] of holders.entries()) if (raw[place] !== undefined) holder[question.name] = raw[place]
    if (repeat !== undefined && holders.length > 0) answers[repeat] = holders as unknown as readonly Row[]
  }
  return answers
}

const schemas = new WeakMap<Questionnaire, ReturnType<typeof answersCheck>>()
function schemaOf(questionnaire: Questionnaire): ReturnType<typeof answersCheck> {
  const known = schemas.get(questionnaire) ?? answersCheck(questionnaire)
  schemas.set(questionnaire, known)
  return known
}

/** What the interpreter and the JSON Schema say; null when something is wrong that an interview cannot have by the form. */
function interpreted(questionnaire: Questionnaire, form: Form, { answers, identity }: Sealed): readonly Problem[] | null {
  const identifiers = identifierNames(questionnaire)
  const misplaced = Object.entries(answers).some(
    ([name, value]) =>
      identifiers.has(name) || (areRows(value) && value.some((row) => Object.keys(row).some((each) => identifiers.has(each)))),
  )
  if (misplaced || schemaOf(questionnaire).breach(answers) !== null) return null
  const problems = form.validate(form.calculate(withIdentity(answers, identity)))
  return problems.some(({ kind }) => !['check', 'required', 'constraint'].includes(kind)) ? null : problems
}

const compiled = (questionnaire: Questionnaire): Rules => {
  const rules = compileRules(questionnaire, schemaOf(questionnaire).answer)
  if (rules === null) throw new Error('the questionnaire cannot be compiled')
  return rules
}

function compare(questionnaire: Questionnaire, rules: Rules, form: Form, given: Sealed): boolean {
  return agree(questionnaire, rules, form, given, day)
}

/** The rules may leave a record to the interpreter, but what they say must be what it says. */
function agree(questionnaire: Questionnaire, rules: Rules, form: Form, given: Sealed, context: FormContext): boolean {
  const settled = rules.settle(given.answers, given.identity, context)
  const expected = interpreted(questionnaire, form, given)
  // A number out of a range is a constraint to the engine and a breach of the schema: the interpreter tells them apart.
  if (settled === null && expected?.some(({ kind }) => kind === 'constraint') === true) return false
  expect(settled, JSON.stringify(given.answers)).toEqual(expected)
  if (settled) expect(held(rules)).toEqual(form.calculate(withIdentity(given.answers, given.identity)))
  return settled !== null
}

/** The rule without what most paths break first: required answers. */
function withoutRequired(items: readonly Item[]): readonly Item[] {
  return items.map((item): Item => {
    if (item.kind !== 'question') return { ...item, items: withoutRequired(item.items) }
    const { required: _, ...rest } = item
    return rest
  })
}

const surveys: Record<string, Questionnaire> = {}
beforeAll(async () => {
  surveys['example'] = await householdAbroad()
  surveys['every type'] = await exampleSurvey('every-type')
  const generated = await readFile(new URL('../../../../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8')
  surveys['household'] = JSON.parse(generated) as Questionnaire
})
const surveyOf = (name: string): Questionnaire => {
  const found = surveys[name]
  if (!found) throw new Error('not loaded')
  return found
}

describe.each([
  ['example', ['agreed']],
  ['every type', []],
  ['household', ['A03', 'A06', 'A07']],
] as const)('compiled rules of the survey "%s"', (name, openings) => {
  it('find the same problems in the same order as the interpreter, and calculate the same', () => {
    const questionnaire = { ...surveyOf(name), items: withoutRequired(surveyOf(name).items) }
    const rules = compiled(questionnaire)
    let clean = 0
    fc.assert(
      fc.property(steps, fc.boolean(), (path, pruned) => {
        const form = createForm(questionnaire, day)
        const answers = walk(form, path, openings)
        if (compare(questionnaire, rules, form, sealed(questionnaire, pruned ? form.prune(answers).answers : answers))) clean++
      }),
      { numRuns: 150, seed: 20261128 },
    )
    expect(clean).toBeGreaterThan(1)
  })

  it('say the same with every required question left as it is', () => {
    const questionnaire = surveyOf(name)
    const rules = compiled(questionnaire)
    fc.assert(
      fc.property(steps, (path) => {
        const form = createForm(questionnaire, day)
        compare(questionnaire, rules, form, sealed(questionnaire, walk(form, path, openings)))
      }),
      { numRuns: 60, seed: 20261129 },
    )
  })
})

describe('compiled rules and interviews as they come', () => {
  const lists = { area: [{ name: '1001', label: { en: 'Upper' } }] }
  const context = { today: '2026-11-02', now: '2026-11-02T08:40:00+08:00', settings: {}, lists }

  it('agree with the interpreter on made-up households, and on the same with one thing broken', () => {
    const questionnaire = surveyOf('household')
    const rules = compiled(questionnaire)
    const form = createForm(questionnaire, context)
    const [clean, broken] = [{ settled: 0 }, { settled: 0, tried: 0 }]
    for (const [at, { interview, identity }] of samples(60).entries()) {
      if (agree(questionnaire, rules, form, { answers: interview.answers, identity: identifiersOf(identity) }, context)) clean.settled++
      for (const damaged of damages(interview.answers, at)) {
        broken.tried++
        if (agree(questionnaire, rules, form, { answers: damaged, identity: identifiersOf(identity) }, context)) broken.settled++
      }
    }
    expect(clean.settled).toBe(60)
    expect(broken.settled).toBeLessThan(broken.tried / 2)
  })

  it('leave what they cannot know to the interpreter', () => {
    const questionnaire = surveyOf('household')
    const self: Expression = ['call', 'once', ['call', 'uuid']]
    const once: Item = { kind: 'question', type: 'calculate', name: 'once', sensitivity: 'ordinary', calculation: self }
    expect(compileRules({ ...questionnaire, items: [...questionnaire.items, once] }, () => () => true)).toBeNull()
    const circle = (name: string, other: string): Item => ({
      kind: 'question',
      type: 'text',
      name,
      sensitivity: 'ordinary',
      relevant: ['op', '!=', ['ref', other], ['str', '']],
    })
    expect(compileRules({ ...questionnaire, items: [circle('one', 'two'), circle('two', 'one')] }, () => () => true)).toBeNull()
  })

  it('hold nothing of a household once told to forget', () => {
    const questionnaire = surveyOf('household')
    const rules = compiled(questionnaire)
    const [first] = samples(1)
    if (!first) throw new Error('no sample')
    rules.settle(first.interview.answers, identifiersOf(first.identity), context)
    rules.forget()
    expect(held(rules)).toEqual({})
    const left = rules.levels.flatMap(({ slots }) => slots.flatMap(({ raw, seen }) => [...raw, ...seen]))
    expect(left.filter((each) => (typeof each === 'string' || typeof each === 'object' ? each.length > 0 : Number.isFinite(each)))).toEqual(
      [],
    )
  })
})

/** An interview with one thing changed: an answer lost, another code, a name where none may stand, a number as text. */
function damages(answers: Answers, seed: number): readonly Answers[] {
  const members = answers['person']
  const names = Object.keys(answers).filter((name) => !areRows(answers[name]))
  const name = names[seed % names.length] ?? ''
  const { [name]: _, ...lost } = answers
  const household = [lost, { ...answers, [name]: 'zz' }, { ...answers, [name]: 7 }, { ...answers, A02: '12' }, { ...answers, nobody: '1' }]
  if (!areRows(members)) return household
  const at = seed % members.length
  const row = members[at] as Row
  const questions = Object.keys(row).filter((each) => each !== '_id')
  const question = questions[seed % questions.length] ?? ''
  const { [question]: __, ...less } = row
  const withRow = (changed: object) => ({ ...answers, person: members.with(at, changed as Row) })
  return [
    ...household,
    withRow(less),
    withRow({ ...row, [question]: 'zz' }),
    withRow({ ...row, [question]: ['1', '1'] }),
    withRow({ ...row, B01: 'A name' }),
    withRow({ ...row, _id: members[(at + 1) % members.length]?._id }),
    { ...answers, person: [] },
    { ...answers, person: members.slice(1) },
  ]
}
