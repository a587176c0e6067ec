import type { Choice, Question, QuestionType, Questionnaire, Texts } from '../../schemas/questionnaire.ts'

const texts = (en: string, ar: string): Texts => ({ en, ar })

function asked(name: string, type: QuestionType, en: string, ar: string, more: Partial<Question> = {}): Question {
  return { kind: 'question', name, type, label: texts(en, ar), sensitivity: 'ordinary', required: ['call', 'true'], ...more }
}

function choice(name: string, en: string, ar: string): Choice {
  return { name, label: texts(en, ar) }
}

const regions: Readonly<Record<string, string>> = {
  PHL: 'PH',
  SAU: 'SA',
  ARE: 'AE',
  QAT: 'QA',
  KWT: 'KW',
  BHR: 'BH',
  OMN: 'OM',
  HKG: 'HK',
  SGP: 'SG',
  JPN: 'JP',
}

const missing = [choice('98', "Don't know", 'لا أعرف'), choice('99', 'Prefer not to say', 'أفضّل عدم الإجابة')]

/** One question of every kind, in English and Arabic (a draft of ours), with a small roster. Synthetic; never used in the field. */
export const everyKind: Questionnaire = {
  schema: 'questionnaire/1',
  engine: 1,
  id: 'every-kind',
  version: '1.0.0',
  title: texts('Every kind of question', 'كل أنواع الأسئلة'),
  languages: [
    { code: 'en', name: 'English', direction: 'ltr', draft: false },
    { code: 'ar', name: 'العربية', direction: 'rtl', draft: true },
  ],
  defaultLanguage: 'en',
  items: [
    {
      kind: 'group',
      name: 'visit',
      label: texts('The visit', 'الزيارة'),
      hint: texts('First some words about this visit.', 'أولاً بعض الكلمات عن هذه الزيارة.'),
      items: [
        asked('home', 'text', 'Number of this home', 'رقم هذا البيت', { sensitivity: 'direct identifier', whoAnswers: 'interviewer' }),
        asked('agree', 'select_one', 'Do you agree to talk with us?', 'هل توافق على الحديث معنا؟', {
          list: 'yes_no',
          consent: 'interview',
        }),
        asked('introduction', 'note', 'Thank you. You can stop at any time.', 'شكراً. يمكنك التوقف في أي وقت.'),
        asked('ready', 'acknowledge', 'The card with places that help was given', 'أُعطيت بطاقة أماكن المساعدة'),
      ],
    },
    {
      kind: 'repeat',
      name: 'person',
      label: texts('People of this home', 'الناس في هذا البيت'),
      hint: texts('Who usually lives and eats here?', 'من يسكن ويأكل هنا عادةً؟'),
      items: [
        asked('first_name', 'text', 'What is the first name or nickname?', 'ما الاسم أو اللقب؟', { sensitivity: 'direct identifier' }),
        asked('sex', 'select_one', 'Is ${first_name} female or male?', 'هل ${first_name} أنثى أم ذكر؟', { list: 'sex', concept: 'sex/1' }),
        asked('age', 'integer', 'How old was ${first_name} on the last birthday?', 'كم كان عمر ${first_name} في آخر عيد ميلاد؟', {
          hint: texts('0 for a baby under 1 year', '٠ للرضيع دون السنة'),
          concept: 'age/1',
          unit: 'years',
          missing: ['98', '99'],
          constraint: ['op', 'and', ['op', '>=', ['self'], 0], ['op', '<=', ['self'], 115]],
          constraintMessage: texts('Between 0 and 115 years.', 'بين ٠ و١١٥ سنة.'),
        }),
        asked('born', 'date', 'On what day was ${first_name} born?', 'في أي يوم وُلد ${first_name}؟', {
          concept: 'birth-day/1',
          missing: ['98'],
        }),
        asked('lived', 'select_one', 'Where did ${first_name} live 5 years ago?', 'أين كان ${first_name} يسكن قبل ٥ سنوات؟', {
          list: 'place',
        }),
        asked('alone', 'select_one', 'Do you feel safe here?', 'هل تشعر بالأمان هنا؟', {
          list: 'yes_no',
          whoAnswers: 'self',
          sensitivity: 'sensitive',
          appearance: ['quick'],
        }),
        asked('harm', 'select_multiple', 'Which papers were taken from you?', 'أي أوراق أُخذت منك؟', {
          list: 'papers',
          whoAnswers: 'self',
          sensitivity: 'sensitive',
        }),
      ],
    },
    {
      kind: 'group',
      name: 'home_now',
      label: texts('The home', 'البيت'),
      items: [
        asked('papers', 'select_multiple', 'Which papers are in the home?', 'أي أوراق توجد في البيت؟', { list: 'papers' }),
        asked('money', 'decimal', 'How much is the rent?', 'كم الإيجار؟', { unit: 'PHP', missing: ['98', '99'] }),
        asked('month', 'date', 'In what month and year did you move in?', 'في أي شهر وسنة انتقلتم؟', {
          appearance: ['month-year'],
          missing: ['98', '99'],
        }),
        asked('hour', 'time', 'At what time does the water come?', 'في أي ساعة يأتي الماء؟'),
        asked('visit_again', 'datetime', 'When may we come again?', 'متى يمكننا العودة؟'),
        asked('contentment', 'range', 'How content are you with this home?', 'ما مدى رضاك عن هذا البيت؟', {
          parameters: { start: '0', end: '10', step: '1' },
        }),
        asked('share', 'range', 'What share of the money is for rent?', 'ما نصيب الإيجار من المال؟', {
          parameters: { start: '0', end: '100', step: '5' },
        }),
        asked('important', 'rank', 'What is most important?', 'ما الأهم؟', { list: 'place' }),
        asked('point', 'geopoint', 'Point of this home on the map', 'موقع هذا البيت على الخريطة'),
        asked('photo', 'image', 'A photo of the roof', 'صورة للسقف'),
        asked('country', 'select_one', 'In which country were you born?', 'في أي بلد وُلدت؟', { list: 'country', appearance: ['minimal'] }),
        asked('words', 'text', 'What do you want leaders to know?', 'ماذا تريد أن يعرف القادة؟', {
          appearance: ['multiline'],
          missing: ['99'],
        }),
      ],
    },
  ],
  lists: {
    yes_no: { choices: [choice('1', 'Yes', 'نعم'), choice('0', 'No', 'لا'), ...missing] },
    sex: { choices: [choice('F', 'Female', 'أنثى'), choice('M', 'Male', 'ذكر'), choice('99', 'Prefer not to say', 'أفضّل عدم الإجابة')] },
    place: {
      choices: [
        choice('1', 'This same town or village', 'هذه البلدة نفسها'),
        choice('2', 'Another place in this country', 'مكان آخر في هذا البلد'),
        choice('3', 'Another country', 'بلد آخر'),
        ...missing,
      ],
    },
    papers: {
      choices: [
        choice('1', 'Birth certificate', 'شهادة ميلاد'),
        choice('2', 'National ID card', 'بطاقة هوية'),
        choice('0', 'None', 'لا شيء'),
        ...missing,
      ],
      exclusive: ['0', '98', '99'],
    },
    country: {
      choices: ['PHL', 'SAU', 'ARE', 'QAT', 'KWT', 'BHR', 'OMN', 'HKG', 'SGP', 'JPN'].map((code) =>
        choice(
          code,
          new Intl.DisplayNames('en', { type: 'region' }).of(regions[code] ?? 'PH') ?? code,
          new Intl.DisplayNames('ar', { type: 'region' }).of(regions[code] ?? 'PH') ?? code,
        ),
      ),
    },
  },
  sha256: '',
}
