import type { Purpose, Question, QuestionType, Sensitivity } from '../questionnaire.ts'
import type { RowReader } from './columns.ts'
import { type Compilation, nearest } from './compilation.ts'

const sensitivities: readonly Sensitivity[] = ['ordinary', 'quasi-identifier', 'sensitive', 'direct identifier']
const respondents = ['interviewer', 'household', 'proxy', 'self'] as const
const severities = ['note', 'warning', 'blocking'] as const
const purposes: readonly Purpose[] = ['interview', 'sharing', 'referral', 'recontact', 'linking']
const valueTypes = ['integer', 'decimal', 'text', 'code', 'date'] as const
const missingFor = new Set<QuestionType>(['text', 'integer', 'decimal', 'range', 'date', 'time', 'datetime', 'barcode', 'geopoint'])

/** Reads the columns with the prefix `tala::`, which other tools leave out. */
export function ourColumns(
  compilation: Compilation,
  row: RowReader,
  type: QuestionType,
): Pick<Question, 'sensitivity'> & Partial<Question> {
  const concept = row.cell('tala::concept')
  const unit = row.cell('tala::unit')
  const whoAnswers = oneOf(compilation, row, 'tala::who_answers', respondents)
  const severity = oneOf(compilation, row, 'tala::severity', severities)
  const consent = oneOf(compilation, row, 'tala::consent', purposes)
  const valueType = oneOf(compilation, row, 'tala::type', valueTypes)
  const missing = missingOf(compilation, row, type)
  if (valueType !== undefined && type !== 'calculate' && type !== 'hidden') {
    compilation.findings.ignore(row.spot('tala::type'), 'Only a calculate or hidden row needs a type; this one has its own.')
  }
  if (consent !== undefined && type !== 'select_one') {
    compilation.findings.error(row.spot('tala::consent'), 'Consent is decided by a select_one with the choices 1 (yes) and 0 (no).')
  }
  if (severity !== undefined && type === 'note' && row.cell('relevant') === '') {
    compilation.findings.error(row.spot('relevant'), 'A check needs a condition here: what is wrong when it is true.')
  }
  return {
    sensitivity: oneOf(compilation, row, 'tala::sensitivity', sensitivities) ?? 'ordinary',
    ...(concept !== '' && { concept }),
    ...(whoAnswers && { whoAnswers }),
    ...(severity && { severity }),
    ...(missing && { missing }),
    ...(consent && { consent }),
    ...(unit !== '' && { unit }),
    ...(valueType && (type === 'calculate' || type === 'hidden') && { valueType }),
  }
}

function oneOf<Value extends string>(compilation: Compilation, row: RowReader, name: string, values: readonly Value[]): Value | undefined {
  const cell = row.cell(name)
  if (cell === '') return undefined
  const plain = cell.toLowerCase().replace(/[-_\s]+/g, ' ')
  const found = values.find((value) => value.replace(/-/g, ' ') === plain)
  if (found !== undefined) return found
  const meant = nearest(plain, values)
  const advice = meant === undefined ? `Write one of: ${values.join(', ')}.` : `Did you mean ${meant}? Possible are: ${values.join(', ')}.`
  compilation.findings.error(row.spot(name), `"${cell}" is not known here. ${advice}`)
  return undefined
}

function missingOf(compilation: Compilation, row: RowReader, type: QuestionType): readonly ('98' | '99')[] | undefined {
  const words = row
    .cell('tala::missing')
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
  if (words.length === 0) return undefined
  const codes = (['98', '99'] as const).filter((code) => words.includes(code))
  if (codes.length !== new Set(words).size) {
    compilation.findings.error(
      row.spot('tala::missing'),
      "Only 98 (don't know) and 99 (prefer not to say) are missing codes. Write 98, 99 or both with a space.",
    )
  }
  if (!missingFor.has(type)) {
    compilation.findings.ignore(
      row.spot('tala::missing'),
      'Missing codes go beside numbers, dates and texts; put 98 and 99 in the list of choices here.',
    )
    return undefined
  }
  return codes.length === 0 ? undefined : codes
}
