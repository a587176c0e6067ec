import fc from 'fast-check'
import type { Scope } from '../../../schemas/language/scope.ts'
import type { Value } from '../../../schemas/language/value.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import type { Answers, Home } from './village.ts'

type Level = 'person' | 'household'

function questionsOf(items: readonly Item[], level: Level, wanted: Level): readonly Question[] {
  return items.flatMap((item): readonly Question[] => {
    if (item.kind === 'question') return level === wanted ? [item] : []
    return questionsOf(item.items, item.kind === 'repeat' ? 'person' : level, wanted)
  })
}

/** Codes that derived variables take; those not named are 1, 0 or empty. */
const derived: Readonly<Record<string, fc.Arbitrary<string | number>>> = {
  age: fc.integer({ min: 0, max: 95 }),
  migration_status: fc.constantFrom('ABROAD', 'RETURN', 'FOREIGN', 'FB_CIT', 'TEMP', 'IDP', 'INTERNAL', 'NON'),
  sex_of_head: fc.constantFrom('F', 'M', 'X', '99'),
  rci: fc.integer({ min: 0, max: 400 }).map((each) => each / 16),
  unmet_needs: fc.integer({ min: 0, max: 7 }),
  count_here: fc.integer({ min: 0, max: 12 }),
  child_deaths: fc.integer({ min: 0, max: 2 }),
  children_under_5: fc.integer({ min: 0, max: 4 }),
  women_15_49: fc.integer({ min: 0, max: 4 }),
}

function answerTo(question: Question, questionnaire: Questionnaire): fc.Arbitrary<string | number | readonly string[]> | undefined {
  const codes = questionnaire.lists[question.list ?? '']?.choices.map(({ name }) => name) ?? []
  switch (question.type) {
    case 'select_one':
      return fc.constantFrom(...codes.slice(0, 40), '99')
    case 'select_multiple':
      return fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 3 })
    case 'integer':
    case 'range':
      return fc.integer({ min: 0, max: 40 })
    case 'decimal':
      return fc.integer({ min: 0, max: 4000 }).map((each) => each / 4)
    case 'calculate':
      return derived[question.name] ?? (question.valueType === 'integer' ? fc.integer({ min: 0, max: 1 }) : undefined)
    default:
      return question.name.startsWith('ask_') ? fc.integer({ min: 0, max: 1 }) : undefined
  }
}

/** Homes with random answers to every question, sensible together or not; a fifth of the answers missing. Presence and consent are mostly yes. */
export function randomHomes(questionnaire: Questionnaire): fc.Arbitrary<Home> {
  const answers = (level: Level, fixed: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<Answers> => {
    const given = questionsOf(questionnaire.items, 'household', level).flatMap((question) => {
      const arbitrary = question.sensitivity === 'direct identifier' ? undefined : answerTo(question, questionnaire)
      return arbitrary ? [[question.name, fc.option(arbitrary, { freq: 5, nil: undefined })] as const] : []
    })
    return fc.record({ ...Object.fromEntries(given), ...fixed })
  }
  return fc.record({
    area: fc.constantFrom('P1A1', 'P1A2', 'P1B1'),
    answers: answers('household', { A07: fc.constantFrom('1', '1', '1', '0'), home_country: fc.constant('PHL') }),
    people: fc.array(
      answers('person', {
        B06: fc.constantFrom('1', '1', '1', '3', '4'),
        G07: fc.constantFrom('1', '6', '6', '99'),
        G06: fc.constantFrom('A', 'B', 'D', 'F'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
}

/** What an expression sees of a home, or of one of its people. */
export function scopeOfHome({ answers = {}, people = [] }: Home, row?: number): Scope {
  const own = row === undefined ? {} : (people[row] ?? {})
  const value = (name: string): Value => {
    if (name in own) return own[name] ?? ''
    if (name in answers) return answers[name] ?? ''
    return row === undefined && people.some((each) => name in each) ? { items: people.map((each) => each[name] ?? '') } : ''
  }
  return {
    today: '2026-03-10',
    now: '2026-03-10T00:00:00',
    value,
    self: () => '',
    members: () => people.map((_, index) => scopeOfHome({ answers, people }, index)),
    position: () => (row ?? -1) + 1,
    choiceName: (_, code) => code,
    list: () => [],
    random: () => 0,
  }
}
