import type { Question, Questionnaire } from '../../../schemas/questionnaire.ts'

const text = (en: string) => ({ en })
const question = (name: string, type: Question['type'], more: Partial<Question> = {}): Question => ({
  kind: 'question',
  name,
  type,
  label: text(name),
  sensitivity: 'ordinary',
  ...more,
})

/** A made-up form with a roster, identifiers at both levels and consent; written for the tests of sealing, vault and store. */
export const smallQuestionnaire: Questionnaire = {
  schema: 'questionnaire/1',
  engine: 1,
  id: 'small',
  version: '1',
  title: text('Small'),
  languages: [{ code: 'en', name: 'English', direction: 'ltr', draft: false }],
  defaultLanguage: 'en',
  lists: {
    yes_no: { choices: ['1', '0', '98', '99'].map((name) => ({ name, label: text(name) })) },
    sex: { choices: ['F', 'M', 'X'].map((name) => ({ name, label: text(name) })) },
    mode: { choices: ['1', '2'].map((name) => ({ name, label: text(name) })) },
  },
  items: [
    question('home_number', 'text', { sensitivity: 'direct identifier' }),
    question('consent_interview', 'select_one', { list: 'yes_no', consent: 'interview' }),
    question('consent_recontact', 'select_one', { list: 'yes_no', consent: 'recontact' }),
    question('consent_mode', 'select_one', { list: 'mode', concept: 'consent_mode' }),
    question('phone_number', 'text', { sensitivity: 'direct identifier' }),
    question('rooms', 'integer'),
    {
      kind: 'repeat',
      name: 'person',
      items: [
        question('name', 'text', { sensitivity: 'direct identifier' }),
        question('sex', 'select_one', { list: 'sex' }),
        question('age', 'integer', { missing: ['98', '99'] }),
        question('lived_abroad', 'select_one', { list: 'yes_no', sensitivity: 'sensitive' }),
      ],
    },
    question('note_end', 'note'),
  ],
  sha256: 'a'.repeat(64),
}
