import type { QuestionType } from '../questionnaire.ts'

/** What a cell of the `type` column means. */
export type RowType =
  | { readonly kind: 'begin' | 'end'; readonly what: 'group' | 'repeat' }
  | { readonly kind: 'question'; readonly type: QuestionType; readonly list?: string; readonly file?: string; readonly other?: true }
  | { readonly kind: 'ignored'; readonly what: string }
  | { readonly kind: 'unsupported'; readonly message: string }

const simple: Readonly<Record<string, QuestionType>> = {
  text: 'text',
  string: 'text',
  integer: 'integer',
  int: 'integer',
  decimal: 'decimal',
  range: 'range',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  acknowledge: 'acknowledge',
  trigger: 'acknowledge',
  geopoint: 'geopoint',
  gps: 'geopoint',
  location: 'geopoint',
  image: 'image',
  photo: 'image',
  audio: 'audio',
  barcode: 'barcode',
  note: 'note',
  calculate: 'calculate',
  hidden: 'hidden',
  start: 'start',
  end: 'end',
  today: 'today',
  deviceid: 'deviceid',
}

// Metadata that would name the enumerator, the device or its owner; the record's own envelope says what is needed.
const metadata = new Set([
  'username',
  'phonenumber',
  'phone_number',
  'simserial',
  'subscriberid',
  'email',
  'imei',
  'audit',
  'start-geopoint',
  'background-audio',
  'background-geopoint',
])

const instead: Readonly<Record<string, string>> = {
  geotrace: 'Write geopoint for one place; lines are not stored.',
  geoshape: 'Write geopoint for one place; areas are not stored.',
  video: 'Write audio or image; films are too large to send from the field.',
  file: 'Write image or audio.',
  'xml-external': 'Put the list in a CSV file and write select_one_from_file FILE.csv.',
  'csv-external': 'Write select_one_from_file FILE.csv where the list is chosen from.',
  entity: 'Entities are not known here; write a select_one_from_file with the list.',
}

/** Understands a cell of the `type` column, with the spellings of ODK, Kobo and pyxform. */
export function rowTypeOf(cell: string): RowType {
  const words = cell.trim().replace(/\s+/g, ' ')
  const lower = words.toLowerCase()
  const section = /^(begin|end)[ _-]?(group|repeat|loop)$/.exec(lower)
  if (section !== null) return sectionOf(section[1] === 'end' ? 'end' : 'begin', section[2] ?? '')
  const select = selectOf(words)
  if (select !== undefined) return select
  const type = simple[lower.replace(/[ _-]/g, '')] ?? simple[lower]
  if (type !== undefined) return { kind: 'question', type }
  if (metadata.has(lower.replace(/ /g, '_'))) {
    return { kind: 'ignored', what: `"${words}" is not recorded: it would name a person or a device. The record carries device and time.` }
  }
  const advice =
    instead[lower] ??
    'Write one of: text, integer, decimal, date, time, datetime, select_one LIST, select_multiple LIST, rank LIST, range, note, calculate, hidden, acknowledge, geopoint, image, audio, barcode, begin_group, begin_repeat.'
  return { kind: 'unsupported', message: `The type "${words}" is not known here. ${advice}` }
}

function sectionOf(kind: 'begin' | 'end', what: string): RowType {
  if (what === 'loop' && kind === 'end') return { kind: 'ignored', what: 'The end of a loop.' }
  if (what === 'loop') return { kind: 'unsupported', message: 'Loops are not known here. Write begin_repeat and end_repeat.' }
  return { kind, what: what === 'repeat' ? 'repeat' : 'group' }
}

function selectOf(words: string): RowType | undefined {
  const match =
    /^(select[ _]?one[ _]from[ _]file|select[ _]?multiple[ _]from[ _]file|select[ _]?one[ _]external|select[ _]?one(?: from)?|select1|select[ _]?multiple(?: from)?|select all that apply(?: from)?|rank)(?: (\S+))?( or[ _]other| or specify other)?$/i.exec(
      words,
    )
  if (match === null) return undefined
  const how = (match[1] ?? '').toLowerCase()
  const type = how === 'rank' ? 'rank' : /multiple|all that apply/.test(how) ? 'select_multiple' : 'select_one'
  const from = match[2]
  if (/external/.test(how)) return { kind: 'unsupported', message: 'Write select_one_from_file FILE.csv instead of select_one_external.' }
  if (from === undefined) return { kind: 'unsupported', message: `Name the list of choices after "${words}", for example: ${type} yes_no.` }
  if (/file/.test(how)) {
    if (!/\.csv$/i.test(from))
      return { kind: 'unsupported', message: `Lists come from CSV files here. Save ${from} as CSV and write its name.` }
    return { kind: 'question', type, file: from, list: from.replace(/\.csv$/i, '') }
  }
  if (match[3] === undefined) return { kind: 'question', type, list: from }
  if (type === 'rank')
    return { kind: 'unsupported', message: 'or_other does not go with rank. Add "other" to the list and ask for it in a text question.' }
  return { kind: 'question', type, list: from, other: true }
}

/** Types that hold no answer of a person: shown or computed, never asked. */
export const unasked: ReadonlySet<QuestionType> = new Set(['calculate', 'hidden', 'start', 'end', 'today', 'deviceid'])
