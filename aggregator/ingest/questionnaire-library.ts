import { createHash } from 'node:crypto'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Choice, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { dictionaryFor } from '../../schemas/sealing/dictionary.ts'
import { ProblemError } from '../problem.ts'
import type { TableLayout } from '../warehouse/warehouse.ts'
import { type AnswersCheck, answersCheck } from './answers-check.ts'

/** Where published questionnaires come from: the config database, or the folder of generated ones. Every version is kept. */
export interface QuestionnaireSource {
  find(reference: QuestionnaireReference): Promise<Questionnaire | undefined>
}

export interface RoundSource {
  find(id: string): Promise<Round | undefined>
}

/** One questionnaire version at work: compiled once, used for every record that names it. */
export interface Edition {
  readonly questionnaire: Questionnaire
  readonly layouts: readonly TableLayout[]
  readonly checkAnswers: AnswersCheck
  /** The engine as it stood on that day in that round. */
  form(today: string, now: string, round: Round): Form
}

export interface Library {
  /** @throws ProblemError `unknown-questionnaire`. */
  edition(reference: QuestionnaireReference): Promise<Edition>
  /** @throws ProblemError `unknown-round`. */
  round(id: string): Promise<Round>
  /** Preset dictionaries of all editions opened so far, by the name in the sealed header. */
  dictionary(name: string): Uint8Array | undefined
  /** Rounds may change in mid-field; asks again from now on. */
  forgetRounds(): void
}

export function createLibrary(
  questionnaires: QuestionnaireSource,
  rounds: RoundSource,
  prepare: (questionnaire: Questionnaire) => Promise<readonly TableLayout[]>,
): Library {
  const editions = new Map<string, Promise<Edition>>()
  const knownRounds = new Map<string, Round>()
  const dictionaries = new Map<string, Uint8Array>()
  const open = async (reference: QuestionnaireReference): Promise<Edition> => {
    const questionnaire = await questionnaires.find(reference)
    if (!questionnaire || questionnaire.sha256 !== reference.sha256)
      throw new ProblemError(
        'unknown-questionnaire',
        `Publish ${reference.id} version ${reference.version} here; the record is then taken in.`,
      )
    const dictionary = dictionaryFor(questionnaire)
    dictionaries.set(createHash('sha256').update(dictionary).digest('hex').slice(0, 16), dictionary)
    return { questionnaire, layouts: await prepare(questionnaire), checkAnswers: answersCheck(questionnaire), form: formsOf(questionnaire) }
  }
  return {
    edition(reference) {
      const name = `${reference.id} ${reference.version} ${reference.sha256}`
      const known = editions.get(name)
      if (known) return known
      const opening = open(reference)
      editions.set(name, opening)
      // What is not published yet may be tomorrow.
      opening.catch(() => editions.delete(name))
      return opening
    },
    async round(id) {
      const round = knownRounds.get(id) ?? (await rounds.find(id))
      if (!round) throw new ProblemError('unknown-round', `Publish round ${id} here; its records are then taken in.`)
      knownRounds.set(id, round)
      return round
    },
    dictionary: (name) => dictionaries.get(name),
    forgetRounds: () => knownRounds.clear(),
  }
}

/** Making a form costs more than using it, and thousands of interviews share a day. */
function formsOf(questionnaire: Questionnaire): Edition['form'] {
  const forms = new Map<string, Form>()
  return (today, now, { id, settings, areas }) => {
    const name = `${today} ${id} ${JSON.stringify(settings)} ${areas.length}`
    const known = forms.get(name)
    if (known) return known
    if (forms.size > 200) forms.clear()
    const form = createForm(questionnaire, { today, now, settings, lists: areaLists(questionnaire, areas) })
    forms.set(name, form)
    return form
  }
}

/** The areas of the round are the choices of every question that asks for an area of the register. */
function areaLists({ items, defaultLanguage }: Questionnaire, areas: Round['areas']): Readonly<Record<string, readonly Choice[]>> {
  const choices = areas.map(({ code, name }) => ({ name: code, label: { [defaultLanguage]: name } }))
  const lists = nodesOf(items).flatMap(({ item }) =>
    item.kind === 'question' && item.list !== undefined && item.appearance?.includes('area-register') === true ? [item.list] : [],
  )
  return Object.fromEntries(lists.map((list) => [list, choices]))
}
