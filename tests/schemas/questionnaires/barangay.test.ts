import { beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Answers } from '../../../schemas/interview/answers.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import { compiled, formOf, rowsIn } from './household.ts'

let form: Form
beforeAll(async () => {
  form = formOf(await compiled('barangay'))
})

const give = (answers: Answers, given: Readonly<Record<string, Answer>>, place?: { repeat: string; row: string }) =>
  Object.entries(given).reduce((state, [name, value]) => form.answer(state, { name, ...place }, value), answers)

function directory(...services: Readonly<Record<string, Answer>>[]): Answers {
  return services.reduce<Answers>(
    (answers, service, index) => {
      const row = `office-${index + 1}`
      return give(form.addRow(answers, 'service', row), service, { repeat: 'service', row })
    },
    give(form.start(), { office: '2', agrees: '1', homes: 610, people_abroad: 140 }),
  )
}

const legal = { service_name: 'People first', sector: 'rights', kind: 'legal', free: '1' }
const clinic = { service_name: 'Health post', sector: 'care', kind: 'clinic', free: '1' }
const warnings = (answers: Answers) =>
  form
    .validate(answers)
    .filter(({ kind }) => kind === 'check')
    .map(({ place }) => place.name)

describe('the barangay profile, a survey with nothing of the household survey', () => {
  it('has a repeat of services instead of people', () => {
    expect(rowsIn(directory(legal, clinic), 'service')).toHaveLength(2)
  })

  it('offers the kinds of help of the chosen field only', () => {
    const kinds = form.choices(directory(legal), { name: 'kind', repeat: 'service', row: 'office-1' }).map(({ name }) => name)
    expect(kinds).toEqual(['legal', 'registry', 'complaint', 'missing'])
  })

  it('counts the offices and finds free legal help among them', () => {
    const { services, free_legal_help, homes_per_service } = directory(legal, clinic)
    expect({ services, free_legal_help, homes_per_service }).toEqual({ services: 2, free_legal_help: 1, homes_per_service: 305 })
    expect(directory(clinic)['free_legal_help']).toBe(0)
  })

  it('asks the way to the clinic only where there is none', () => {
    const asked = (facility: readonly string[]) => form.isRelevant(give(directory(), { facility }), { name: 'minutes_to_clinic' })
    expect([asked(['market']), asked(['clinic', 'market'])]).toEqual([true, false])
  })

  it('stops when the office does not want to answer', () => {
    const refused = give(form.start(), { office: '1', agrees: '0' })
    expect(form.asked(refused).map(({ question }) => question.name)).toEqual(['office', 'agrees'])
  })

  it('warns of an empty directory and of an office listed twice', () => {
    expect(warnings(directory())).toEqual(['no_service'])
    expect(warnings(directory(legal, clinic))).toEqual([])
    expect(warnings(directory(legal, legal))).toEqual(['same_service', 'same_service'])
  })

  it('takes the needs of families as an order', () => {
    expect(give(directory(legal), { needs: ['papers', 'job', 'loan', 'health', 'school'] })['needs']).toEqual([
      'papers',
      'job',
      'loan',
      'health',
      'school',
    ])
  })
})
