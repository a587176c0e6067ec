import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../schemas/canonical.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import type { Round } from '../../../schemas/generated/records.ts'

const question = (name: string, type: Question['type'], more: Partial<Question> = {}): Question => ({
  kind: 'question',
  name,
  type,
  label: { en: name },
  sensitivity: 'ordinary',
  ...more,
})
const yes = ['call', 'true'] as const
const ifConsent = { relevant: ['op', '=', ['ref', 'A07'], ['str', '1']] as const }
const yesNo = { list: 'yes_no', required: yes, whoAnswers: 'household' as const }

const items: readonly Item[] = [
  question('A02', 'text', { sensitivity: 'direct identifier', required: yes, whoAnswers: 'interviewer' }),
  question('A03', 'select_one', { list: 'result', required: yes, whoAnswers: 'interviewer' }),
  question('A07', 'select_one', { ...yesNo, consent: 'interview', relevant: ['op', '=', ['ref', 'A03'], ['str', '1']] }),
  question('A08', 'select_one', { ...yesNo, ...ifConsent, consent: 'sharing' }),
  question('A10', 'select_one', { ...yesNo, ...ifConsent, consent: 'recontact' }),
  question('A12', 'text', { ...ifConsent, sensitivity: 'direct identifier', whoAnswers: 'household' }),
  {
    kind: 'repeat',
    name: 'person',
    ...ifConsent,
    items: [
      question('B01', 'text', { sensitivity: 'direct identifier', required: yes }),
      question('B03', 'select_one', { list: 'sex', required: yes }),
      question('B05', 'integer', {
        required: yes,
        missing: ['98', '99'],
        constraint: ['op', 'and', ['op', '>=', ['self'], 0], ['op', '<=', ['self'], 115]],
      }),
      question('D02', 'select_multiple', { list: 'papers' }),
      question('adult', 'calculate', { valueType: 'integer', calculation: ['call', 'if', ['op', '>=', ['ref', 'B05'], 18], 1, 0] }),
    ],
  },
  question('size', 'calculate', { valueType: 'integer', calculation: ['call', 'count', ['members', 'person', null]] }),
  question('Q01', 'text', { ...ifConsent, sensitivity: 'sensitive' }),
  question('X01', 'note', { severity: 'warning', relevant: ['op', '>', ['ref', 'size'], 20] }),
]

const choice = (name: string) => ({ name, label: { en: name } })

const content: Omit<Questionnaire, 'sha256'> = {
  schema: 'questionnaire/1',
  engine: 1,
  id: 'home',
  version: '1',
  title: { en: 'A small survey of homes' },
  languages: [{ code: 'en', name: 'English', direction: 'ltr', draft: false }],
  defaultLanguage: 'en',
  items,
  lists: {
    result: { choices: ['1', '2'].map(choice) },
    yes_no: { choices: ['1', '0'].map(choice) },
    sex: { choices: ['F', 'M', '99'].map(choice) },
    papers: { choices: ['1', '2', '3'].map(choice) },
  },
}

/** A survey small enough to read, with every kind of thing that ingest treats differently. */
export const homeSurvey: Questionnaire = versionOf(content)

/** Its next version: only the rule of one derived variable is another. */
export const laterHomeSurvey = (): Questionnaire => {
  const later = (all: readonly Item[]): readonly Item[] =>
    all.map((item) => {
      if (item.kind !== 'question') return { ...item, items: later(item.items) }
      return item.name === 'adult' ? { ...item, calculation: ['call', 'if', ['op', '>=', ['ref', 'B05'], 60], 1, 0] } : item
    })
  return versionOf({ ...content, version: '2', items: later(items) })
}

export function versionOf(survey: Omit<Questionnaire, 'sha256'>): Questionnaire {
  const { sha256: _, ...rest } = survey as Questionnaire
  return { ...rest, sha256: createHash('sha256').update(canonicalJson(rest)).digest('hex') }
}

export const homeRound: Round = {
  schema: 'round/1',
  id: '2026-r1',
  title: 'First round',
  questionnaire: { id: 'home', version: '1', sha256: homeSurvey.sha256 },
  referenceDay: '2026-10-01',
  starts: '2026-10-01',
  ends: '2026-12-31',
  settings: {},
  areas: [{ code: '1001', name: 'Upper', level: 'barangay' }],
}
