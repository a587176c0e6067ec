import type { Answer, Answers, Place } from '../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../schemas/interview/form.ts'
import type { Question } from '../../schemas/questionnaire.ts'
import type { Household, Person } from './people.ts'
import { householdAnswer, personAnswer, type Scene } from './respondent.ts'

/** Questions whose answer a person may simply not give; the rest are asked until answered. */
const answeredWhenOptional = 0.6

/**
 * Interviews one household by walking the form engine of the phone: asks what is relevant, in order, until nothing is left.
 * @param rowIds makes the stable id of a roster row
 */
export function interview(form: Form, household: Household, scene: Scene, rowIds: () => string): Answers {
  let answers = form.start()
  const people = new Map<string, Person>()
  const roster = form.questionnaire.items.flatMap(function repeats(item): string[] {
    return item.kind === 'repeat' ? [item.name] : item.kind === 'group' ? item.items.flatMap(repeats) : []
  })
  const ask = (within?: { repeat: string; row: string }) => {
    const tried = new Set<string>()
    for (;;) {
      const next = form.asked(answers, within).find((each) => isOpen(each, answers, within) && !tried.has(each.question.name))
      if (!next) return
      tried.add(next.question.name)
      const person = within ? people.get(within.row) : undefined
      const said = person
        ? personAnswer(next.question.name, person, household, scene)
        : householdAnswer(next.question.name, household, scene)
      answers = reply(form, answers, next, said, scene)
    }
  }
  ask()
  for (const repeat of roster) {
    if (!form.isRelevant(answers, { name: repeat })) continue
    for (const person of household.people) {
      const id = rowIds()
      people.set(id, person)
      answers = form.addRow(answers, repeat, id)
    }
    for (const row of people.keys()) ask({ repeat, row })
  }
  ask()
  return answers
}

function isOpen({ question, place }: Asked, answers: Answers, within: { repeat: string; row: string } | undefined): boolean {
  if (question.type === 'note') return false
  if ((place.row ?? null) !== (within?.row ?? null)) return false
  return valueAt(answers, place) === undefined
}

export function valueAt(answers: Answers, { name, repeat, row }: Place): Answer | undefined {
  if (repeat === undefined) return answers[name] as Answer | undefined
  const rows = answers[repeat]
  if (!Array.isArray(rows)) return undefined
  return (rows as { _id: string; [name: string]: Answer | undefined }[]).find(({ _id }) => _id === row)?.[name]
}

/** Gives the known answer if the form takes it, else one the form offers. A question nobody can answer stays open. */
function reply(form: Form, answers: Answers, { question, place }: Asked, said: Answer | undefined, scene: Scene): Answers {
  const { random } = scene
  if (question.required === undefined && !random.chance(answeredWhenOptional)) return answers
  const offered = () => chance(form, answers, question, place, scene)
  for (const value of [said, ...Array.from({ length: 6 }, offered)]) {
    if (value === undefined) continue
    const tried = form.answer(answers, place, value)
    if (!form.check(tried, place).some(({ severity, kind }) => severity === 'blocking' && kind !== 'check')) return tried
  }
  return answers
}

function chance(form: Form, answers: Answers, question: Question, place: Place, { random }: Scene): Answer | undefined {
  switch (question.type) {
    case 'select_one':
    case 'select_multiple':
    case 'rank': {
      const choices = form.choices(answers, place).map(({ name }) => name)
      const plain = choices.filter((name) => name !== '98' && name !== '99')
      const one =
        random.chance(0.015) && choices.length > plain.length
          ? random.pick(choices.filter((name) => !plain.includes(name)))
          : random.pick(plain.length > 0 ? plain : choices)
      return question.type === 'select_one' ? one : [one]
    }
    case 'integer':
    case 'range':
      return random.whole(0, 12)
    case 'decimal':
      return random.whole(1, 40) * 100
    case 'date':
      return `${random.whole(2015, 2024)}-0${random.whole(1, 9)}-01`
    case 'acknowledge':
      return 'OK'
    case 'text':
      return 'as told'
    default:
      return undefined
  }
}
