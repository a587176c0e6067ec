import { createHash } from 'node:crypto'
import type { Answers } from '../../schemas/interview/answers.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Form, FormContext } from '../../schemas/interview/form.ts'
import type { Interview, QuestionnaireReference } from '../../schemas/interview/interview.ts'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Choice, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { dictionariesFor } from '../../schemas/sealing/dictionary.ts'
import { type AnswerTo, consentIn, withoutConsentIn } from '../custody/consent.ts'
import { ProblemError, type ProblemType } from '../problem.ts'
import type { TableLayout } from '../warehouse/warehouse.ts'
import { type AnswersCheck, answersCheck } from './answers-check.ts'
import { slotColumns, type WriteRows, writeSlots } from './flatten.ts'
import { type LinkFields, linkFieldsIn } from './link-fields.ts'
import { type ListingNumber, listingNumberIn } from './listing-number.ts'
import { identifierNames } from './merge-identity.ts'
import { compileRules, type Rules } from './rules/compile-rules.ts'
import { identityReader, type ReadIdentity } from './rules/read-identity.ts'

/** Where published questionnaires come from: the config database, or the folder of generated ones. Every version is kept. */
export interface QuestionnaireSource {
  find(reference: Pick<QuestionnaireReference, 'id' | 'version'>): Promise<Questionnaire | undefined>
}

export interface RoundSource {
  find(id: string): Promise<Round | undefined>
}

/** One questionnaire version at work: compiled once, used for every record that names it. */
export interface Edition {
  readonly questionnaire: Questionnaire
  readonly layouts: readonly TableLayout[]
  readonly checkAnswers: AnswersCheck
  /** Names of the direct identifiers. */
  readonly identifiers: ReadonlySet<string>
  readonly readIdentity: ReadIdentity
  /** The home number among the identifiers of one interview. */
  readonly listingNumber: ListingNumber
  /** What members are linked over rounds with, where consent allows it. */
  readonly linkFields: LinkFields
  /** What the household agreed to. */
  consentOf(answerTo: AnswerTo, stated: Interview['consent']['purposes']): Interview['consent']['purposes']
  /** What may be kept of the answers of a household that said no. */
  withoutConsent(answers: Answers): Answers
  /** The rules as code, and how what they hold is written; null when only the interpreter can run this questionnaire. */
  readonly compiled: { readonly rules: Rules; readonly write: WriteRows } | null
  /** The lists of the questionnaire that a round fills. */
  lists(round: Round): FormContext['lists']
  /** That day in that round. */
  context(today: string, now: string, round: Round): FormContext
  /** The interpreter as it stood on that day in that round. */
  form(today: string, now: string, round: Round): Form
}

/** The editions and rounds at hand, and the preset dictionaries that come with them. */
export interface Library {
  addEdition(questionnaire: Questionnaire, layouts: readonly TableLayout[]): void
  /** An edition that cannot be used here, and why: its records are kept apart. */
  refuseEdition(reference: QuestionnaireReference, type: ProblemType): void
  addRound(round: Round): void
  /** Leaves nothing of the last households in memory. */
  forgetHouseholds(): void
  hasEdition(reference: QuestionnaireReference): boolean
  hasRound(id: string): boolean
  /** @throws ProblemError `unknown-questionnaire`. */
  edition(reference: QuestionnaireReference): Edition
  /** @throws ProblemError `unknown-round`. */
  round(id: string): Round
  /** By the name in the sealed header. */
  dictionary(name: string): Uint8Array | undefined
}

export function createLibrary(): Library {
  const editions = new Map<string, Edition>()
  const refused = new Map<string, ProblemType>()
  const rounds = new Map<string, Round>()
  const dictionaries = new Map<string, Uint8Array>()
  const nameOf = ({ id, version, sha256 }: QuestionnaireReference) => `${id} ${version} ${sha256}`
  return {
    addEdition(questionnaire, layouts) {
      for (const dictionary of dictionariesFor(questionnaire))
        dictionaries.set(createHash('sha256').update(dictionary).digest('hex').slice(0, 16), dictionary)
      const checkAnswers = answersCheck(questionnaire)
      const rules = compileRules(questionnaire, checkAnswers.answer)
      const lists = listsOf(questionnaire)
      const identifiers = identifierNames(questionnaire)
      const context: Edition['context'] = (today, now, round) => {
        const given = lists(round)
        return { today, now, settings: round.settings, ...(given && { lists: given }) }
      }
      editions.set(nameOf(questionnaire), {
        questionnaire,
        layouts,
        checkAnswers,
        compiled: rules && { rules, write: writeSlots(slotColumns(rules.levels, layouts)) },
        identifiers,
        readIdentity: identityReader(identifiers),
        listingNumber: listingNumberIn(questionnaire),
        linkFields: linkFieldsIn(questionnaire),
        consentOf: consentIn(questionnaire),
        withoutConsent: withoutConsentIn(questionnaire),
        lists,
        context,
        form: formsOf(questionnaire, context),
      })
    },
    refuseEdition: (reference, type) => void refused.set(nameOf(reference), type),
    addRound: (round) => void rounds.set(round.id, round),
    hasEdition: (reference) => editions.has(nameOf(reference)),
    hasRound: (id) => rounds.has(id),
    edition(reference) {
      const edition = editions.get(nameOf(reference))
      if (!edition)
        throw new ProblemError(
          refused.get(nameOf(reference)) ?? 'unknown-questionnaire',
          `Publish ${reference.id} version ${reference.version} here.`,
        )
      return edition
    },
    round(id) {
      const round = rounds.get(id)
      if (!round) throw new ProblemError('unknown-round', `Publish round ${id} here; its records are then taken in.`)
      return round
    },
    forgetHouseholds() {
      for (const { compiled } of editions.values()) compiled?.rules.forget()
    },
    dictionary: (name) => dictionaries.get(name),
  }
}

/** A round's areas become choices once, not for every record. */
function listsOf(questionnaire: Questionnaire): Edition['lists'] {
  const lists = new WeakMap<Round, NonNullable<FormContext['lists']>>()
  return (round) => {
    const known = lists.get(round) ?? areaLists(questionnaire, round.areas)
    lists.set(round, known)
    return known
  }
}

/** Making a form costs more than using it, and thousands of interviews share a day. */
function formsOf(questionnaire: Questionnaire, contextOf: Edition['context']): Edition['form'] {
  const forms = new Map<string, Form>()
  const asksTheTime = JSON.stringify(questionnaire.items).includes('["call","now"')
  return (today, now, round) => {
    const name = `${asksTheTime ? now : today} ${round.id} ${JSON.stringify(round.settings)} ${round.areas.length}`
    const known = forms.get(name)
    if (known) return known
    if (forms.size > 200) forms.clear()
    const form = createForm(questionnaire, contextOf(today, now, round))
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
