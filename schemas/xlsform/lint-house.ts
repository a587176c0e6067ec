import type { Node } from '../interview/nodes.ts'
import type { Questionnaire } from '../questionnaire.ts'
import { type Compilation, nearest, spotOf } from './compilation.ts'
import type { House } from './house.ts'

/** A standard that a list can be held to: which codes are its own, and which column of the choices sheet translates others. */
interface Standard {
  readonly codes: RegExp
  readonly column?: string
}

const standards: Readonly<Record<string, Standard>> = {
  'SDMX CL_SEX': { codes: /^(?!)/, column: 'sdmx' },
  'SDMX CL_CIVIL_STATUS': { codes: /^(?!)/, column: 'sdmx' },
  'ISO 3166-1 alpha-3': { codes: /^[A-Z]{3}$/ },
  'ISO 4217': { codes: /^[A-Z]{3}$/ },
  'ISO 639-3': { codes: /^[a-z]{3}$/ },
  'ISCED 2011': { codes: /^[0-8]$/ },
  'ISCO-08': { codes: /^\d$/, column: 'isco' },
  'ICSE-18': { codes: /^\d\d$/, column: 'icse' },
  'Washington Group Short Set': { codes: /^[1-4]$/ },
}

// Other, don't know, prefer not to say: one crosswalk holds for every list.
const special = new Set(['96', '98', '99'])

/** Holds a survey to the house: every concept is defined, and a list bound to a standard keeps its codes or has a crosswalk for them. */
export function lintHouse(content: Pick<Questionnaire, 'lists'>, nodes: readonly Node[], compilation: Compilation, house: House): void {
  // Lists are bound by name, so only a survey that names concepts of the house is held to them.
  if (!nodes.some(({ item }) => item.kind === 'question' && item.concept !== undefined)) return
  for (const { item } of nodes) {
    if (item.kind !== 'question' || item.concept === undefined || house.concepts.has(item.concept)) continue
    const meant = nearest(item.concept, house.concepts)
    const advice =
      meant === undefined ? 'Add it to schemas/codelists/concepts.csv with its definition, standard and version.' : `Did you mean ${meant}?`
    compilation.findings.error(spotOf(compilation, item, 'tala::concept'), `The concept "${item.concept}" is not defined. ${advice}`)
  }
  for (const [list, { choices }] of Object.entries(content.lists)) {
    const name = house.standards.get(list) ?? ''
    const standard = standards[name]
    if (standard === undefined) continue
    for (const { name: code, columns } of choices) {
      if (special.has(code) || standard.codes.test(code) || house.crosswalks.get(list)?.has(code) === true) continue
      if (standard.column !== undefined && (columns?.[standard.column] ?? '') !== '') continue
      report(compilation, list, code, name, standard)
    }
  }
}

function report(compilation: Compilation, list: string, code: string, name: string, { column }: Standard): void {
  const sheet = compilation.workbook.sheets.find((each) => each.name === 'choices')
  const row = sheet?.rows.find(({ cells }) => cells.includes(list) && cells.includes(code))?.row ?? 1
  const where = column === undefined ? 'Add a crosswalk file to schemas/codelists' : `Write its code in the column ${column}`
  compilation.findings.error(
    { sheet: 'choices', row, column: 'name' },
    `The list ${list} is bound to ${name}, which has no code "${code}". ${where}, or take the code out.`,
  )
}
