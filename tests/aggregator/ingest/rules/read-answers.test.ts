import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { answersCheck } from '../../../../aggregator/ingest/answers-check.ts'
import { compileRules, type Rules } from '../../../../aggregator/ingest/rules/compile-rules.ts'
import type { Answers } from '../../../../schemas/interview/answers.ts'
import type { FormContext, Problem } from '../../../../schemas/interview/form.ts'
import { areaLists, questionnaire, samples } from '../../../../bench/ingest/made-up.ts'

// Two, so that what one read never helps the other.
let byParser: Rules
let byReader: Rules
let homes: readonly Answers[]
const context: FormContext = { today: '2026-11-02', now: '2026-11-02T08:40:00+08:00', settings: {}, lists: areaLists }

const compiled = (): Rules => {
  const rules = compileRules(questionnaire, answersCheck(questionnaire).answer)
  if (rules === null) throw new Error('the questionnaire cannot be compiled')
  return rules
}

beforeAll(() => {
  byParser = compiled()
  byReader = compiled()
  homes = samples(40).map(({ interview }) => interview.answers)
})

const held = ({ levels }: Rules) =>
  levels.map(({ ids, slots }) => ({ ids, raw: slots.map(({ raw }) => raw.slice(0, Math.max(1, ids.length))) }))

type Settled = { readonly problems: readonly Problem[] | null; readonly held: ReturnType<typeof held> | null }

function parsed(text: string): Settled | 'no JSON' {
  let answers: Answers
  try {
    answers = JSON.parse(text) as Answers
  } catch {
    return 'no JSON'
  }
  const problems = byParser.settle(answers, null, context)
  return { problems, held: problems && held(byParser) }
}

/** null when it leaves the text to the parser. */
function read(text: string): Settled | null {
  const bytes = Buffer.from(`{"answers":${text},"pruned":[]}`)
  const end = byReader.read(bytes, 11, context.lists)
  if (end !== 11 + Buffer.byteLength(text)) return null
  const problems = byReader.settleRead(null, context)
  return { problems, held: problems && held(byReader) }
}

describe('answers that are read from their JSON', () => {
  it('are those that a parser finds', () => {
    for (const answers of homes) {
      const text = JSON.stringify(answers)
      const found = read(text)
      expect(found).not.toBeNull()
      expect(found).toEqual(parsed(text))
    }
  })

  it('are those that a parser finds, or are left to it, when something in the text is changed', () => {
    const pieces = [
      '"',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '\\u0041',
      '0',
      '1',
      '-',
      '.',
      'e5',
      'null',
      'true',
      ' ',
      '\n',
      'é',
      '"_id"',
      '"person"',
      '"98"',
      '[]',
      '{}',
    ]
    let compared = 0
    const change = fc.record({
      home: fc.nat(39),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.integer({ min: 0, max: 12 }),
      piece: fc.constantFrom('', ...pieces),
    })
    fc.assert(
      fc.property(change, ({ home, at, cut, piece }) => {
        const text = JSON.stringify(homes[home])
        const from = Math.floor(at * text.length)
        const changed = text.slice(0, from) + piece + text.slice(from + cut)
        const found = read(changed)
        if (found === null) return
        compared++
        expect(found).toEqual(parsed(changed))
      }),
      { numRuns: 1500, seed: 5 },
    )
    expect(compared).toBeGreaterThan(10)
  })

  it('are those that a parser finds when an answer is another', () => {
    const values = [
      '0',
      '1',
      '98',
      '99',
      'E',
      '',
      'a word',
      0,
      -98,
      7,
      1.5,
      1e21,
      -0,
      123456789012345,
      ['01'],
      ['01', '02'],
      ['01', '01'],
      [],
    ]
    let compared = 0
    fc.assert(
      fc.property(fc.nat(39), fc.nat(1000), fc.nat(1000), fc.constantFrom(...values), (home, which, member, value) => {
        const answers = JSON.parse(JSON.stringify(homes[home])) as Record<string, unknown>
        const rows = answers['person']
        const row = Array.isArray(rows) && member % 2 === 0 ? (rows[member % rows.length] as Record<string, unknown>) : answers
        const names = Object.keys(row).filter((name) => name !== 'person' && name !== '_id')
        row[names[which % names.length] ?? 'A01'] = value
        const text = JSON.stringify(answers)
        const found = read(text)
        if (found === null) return
        compared++
        expect(found).toEqual(parsed(text))
      }),
      { numRuns: 1500, seed: 6 },
    )
    expect(compared).toBeGreaterThan(100)
  })

  it.each([
    ['a question is answered twice', '{"A01":"1001","A01":"1001"}'],
    ['a member has no id', '{"person":[{"C02":"1"}]}'],
    ['two members have one id', '{"person":[{"_id":"a"},{"_id":"a"}]}'],
    ['the members stand twice', '{"person":[{"_id":"a"}],"person":[{"_id":"b"}]}'],
    ['there are spaces', '{ "A01":"1001"}'],
    ['a number begins with nought', '{"B02":01}'],
    ['it is cut off', '{"A01":"10'],
    ['nobody asked that', '{"Z99":"1"}'],
  ])('are left to the parser when %s', (_, text) => {
    expect(read(text)).toBeNull()
  })

  it('hold words in any script', () => {
    const question = byReader.levels[0]?.slots.find(
      ({ question: { type, sensitivity, calculation } }) =>
        type === 'text' && sensitivity !== 'direct identifier' && calculation === undefined,
    )
    const name = question?.question.name ?? ''
    const text = JSON.stringify({ [name]: 'مرحبا नमस्ते' })
    byReader.read(Buffer.from(text), 0, context.lists)
    expect(question?.raw[0]).toBe('مرحبا नमस्ते')
  })

  it('are judged anew when the round has other areas', () => {
    const text = JSON.stringify(homes.find((answers) => answers['A01'] !== undefined) ?? {})
    expect(read(text)?.problems).not.toBeNull()
    const elsewhere: FormContext = { ...context, lists: { area: [{ name: '2002', label: { en: 'Lower' } }] } }
    expect(byReader.read(Buffer.from(text), 0, elsewhere.lists)).toBe(-1)
  })
})
