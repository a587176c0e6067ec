import type { RowReader } from './columns.ts'
import type { Compilation } from './compilation.ts'

// Columns that every table carries besides the answers.
const reserved = new Set([
  '_id',
  'record_id',
  'household_key',
  'person_key',
  'round',
  'area',
  'questionnaire_version',
  'finished',
  'row_position',
])

/** The name of a row, checked; an error and undefined when there is none. A section without a name gets `fallback`. */
export function nameOf(compilation: Compilation, row: RowReader, fallback?: string): string | undefined {
  const { findings } = compilation
  const name = row.cell('name')
  if (name === '' && fallback !== undefined) {
    findings.warn(row.spot('name'), `This section has no name; it is called ${fallback}.`)
    return fallback
  }
  if (name === '') {
    findings.error(row.spot('name'), 'This question has no name. Write a short one with letters, digits and _, for example B05.')
    return undefined
  }
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
    findings.error(row.spot('name'), `"${name}" cannot be a name. Begin with a letter and use only letters, digits, _ - and . after it.`)
    return undefined
  }
  if (name.length > 60) findings.error(row.spot('name'), `The name "${name}" is longer than 60 characters. Write a shorter one.`)
  if (reserved.has(name.toLowerCase())) {
    findings.error(
      row.spot('name'),
      `The name "${name}" is kept for a column that every table has. Choose another, for example q_${name.replace(/^_/, '')}.`,
    )
  }
  return name
}
