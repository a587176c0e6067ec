import type { Group, Item, Repeat } from '../questionnaire.ts'
import type { RowReader } from './columns.ts'
import { type Compilation, textsOf } from './compilation.ts'
import { appearanceOf, ignoreCells } from './cells.ts'
import { nameOf } from './names.ts'
import { readCondition, readExpression } from './read-expression.ts'

const forQuestions = [
  'required',
  'required_message',
  'constraint',
  'constraint_message',
  'calculation',
  'choice_filter',
  'default',
  'parameters',
  'read_only',
  'trigger',
  'image',
  'audio',
  'video',
  'big-image',
  'guidance_hint',
  'tala::sensitivity',
  'tala::concept',
  'tala::who_answers',
  'tala::severity',
  'tala::missing',
  'tala::consent',
  'tala::unit',
  'tala::type',
]

/** Compiles a group or repeat from its begin row and what stands in it. */
export function compileSection(
  compilation: Compilation,
  row: RowReader,
  what: 'group' | 'repeat',
  items: readonly Item[],
): Group | Repeat | undefined {
  if (items.length === 0) compilation.findings.warn(row.spot('type'), `This ${what} has no questions in it.`)
  const name = nameOf(compilation, row, `${what}_${row.source.row}`)
  if (name === undefined) return undefined
  ignoreCells(compilation, row, forQuestions, `Has no effect on a ${what}.`)
  const label = textsOf(compilation, row, 'label')
  const hint = textsOf(compilation, row, 'hint')
  const relevant = readCondition(compilation, row, 'relevant')
  const appearance = appearanceOf(compilation, row)
  const common = {
    name,
    items,
    ...(label && { label }),
    ...(hint && { hint }),
    ...(relevant !== undefined && { relevant }),
    ...(appearance && { appearance }),
  }
  const section: Group | Repeat =
    what === 'group' ? { kind: 'group', ...common } : { kind: 'repeat', ...common, ...countOf(compilation, row) }
  if (what === 'group') ignoreCells(compilation, row, ['repeat_count'], 'Only a repeat has a count.')
  compilation.origins.set(section, row)
  return section
}

function countOf(compilation: Compilation, row: RowReader): Pick<Repeat, 'count'> {
  const count = row.cell('repeat_count') === '' ? undefined : readExpression(compilation, row, 'repeat_count')
  return count === undefined ? {} : { count }
}
