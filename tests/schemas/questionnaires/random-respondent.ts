import type { Answer, Answers } from '../../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../../schemas/interview/form.ts'
import type { Question } from '../../../schemas/questionnaire.ts'
import type { Random } from '../../simulation/random.ts'
import { consenting } from './household.ts'

/** A home in which everybody answers at random, whatever is asked, until nothing more is asked. */
export function randomHome(form: Form, random: Random): Answers {
  let answers = form.start()
  for (const [name, value] of Object.entries(consenting)) answers = form.answer(answers, { name }, value)
  const people = random.whole(1, 5)
  for (let person = 1; person <= people; person++) {
    const row = `row-${person}`
    answers = form.addRow(answers, 'person', row)
    answers = answerAll(
      form,
      answers,
      random,
      () => form.asked(answers, { repeat: 'person', row }),
      (next) => (answers = next),
    )
  }
  return answerAll(
    form,
    answers,
    random,
    () => form.asked(answers).filter(({ place }) => place.repeat === undefined),
    (next) => (answers = next),
  )
}

function answerAll(form: Form, start: Answers, random: Random, asked: () => readonly Asked[], keep: (answers: Answers) => void): Answers {
  let answers = start
  const done = new Set<string>()
  for (let open = asked(); open.some(({ question }) => isOpen(question, done)); open = asked()) {
    for (const { question, place } of open.filter(({ question }) => isOpen(question, done))) {
      done.add(question.name)
      if (!form.isRelevant(answers, place)) continue
      answers = form.answer(answers, place, randomAnswer(form, answers, { question, place, groups: [] }, random))
      keep(answers)
    }
  }
  return answers
}

const isOpen = (question: Question, done: ReadonlySet<string>) =>
  !done.has(question.name) && question.type !== 'note' && !(question.name in consenting)

function randomAnswer(form: Form, answers: Answers, { question, place }: Asked, random: Random): Answer | undefined {
  const missing = question.missing?.[0]
  if (missing !== undefined && random.chance(0.1))
    return question.type === 'integer' || question.type === 'decimal' ? -Number(missing) : missing
  if (question.type === 'select_one') return choice(form, answers, { question, place, groups: [] }, random)
  if (question.type === 'select_multiple') return [...new Set([choice(form, answers, { question, place, groups: [] }, random)])]
  if (question.type === 'integer') return random.whole(...(ranges[question.name] ?? [0, 5]))
  if (question.type === 'decimal') return random.whole(0, 90_000)
  if (question.type === 'date') return `${random.whole(question.name === 'C09' ? 2020 : 1950, 2026)}-0${random.whole(1, 5)}-01`
  return question.type === 'text' ? 'words' : undefined
}

const ranges: Readonly<Record<string, readonly [number, number]>> = { B05: [0, 95], B07: [0, 60], P03: [1, 30] }

/** Codes that open the later modules come often, or nobody would ever be asked there. */
const likely: Readonly<Record<string, readonly string[]>> = {
  B06: ['1', '1', '1', '3', '4'],
  B11: ['1', '1', '2'],
  C01: ['PHL', 'PHL', 'KOR', '98'],
  C02: ['PHL', 'PHL', 'KOR', 'XXA', '98'],
  B13: ['01', '02', '03'],
  C06: ['1', '0'],
  C07: ['1', '0'],
  G01: ['1', '0', '98'],
  G06: ['A', 'A', 'C', 'E'],
  G07: ['4', '6'],
}

function choice(form: Form, answers: Answers, { question, place }: Asked, random: Random): string {
  return random.pick(likely[question.name] ?? form.choices(answers, place).map(({ name }) => name))
}
