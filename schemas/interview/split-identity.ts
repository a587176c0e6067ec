import type { Questionnaire } from '../questionnaire.ts'
import type { Answer, Answers, Row } from './answers.ts'
import type { Identity } from './interview.ts'
import { nodesOf } from './nodes.ts'
import { rowsIn } from './reading.ts'

/** Parts the direct identifiers from the answers, so that each is sealed to its own key. */
export function splitIdentity(
  questionnaire: Questionnaire,
  answers: Answers,
): { readonly answers: Answers; readonly identity: Pick<Identity, 'answers' | 'rows'> } {
  const nodes = nodesOf(questionnaire.items)
  const identifiers = new Set(
    nodes.flatMap(({ item }) => (item.kind === 'question' && item.sensitivity === 'direct identifier' ? [item.name] : [])),
  )
  const repeats = nodes.flatMap(({ item }) => (item.kind === 'repeat' ? [item.name] : []))
  const kept: Record<string, Answer | readonly Row[]> = {}
  const identity: Record<string, Answer> = {}
  const rows: Record<string, Record<string, Record<string, Answer>>> = {}
  for (const [name, value] of Object.entries(answers)) {
    if (value === undefined) continue
    if (identifiers.has(name)) identity[name] = value as Answer
    else if (!repeats.includes(name)) kept[name] = value
    else {
      const parted = rowsIn(answers, name).map((row) => [row._id, partRow(row, identifiers)] as const)
      kept[name] = parted.map(([, { row }]) => row)
      const named = parted.filter(([, each]) => Object.keys(each.identity).length > 0)
      if (named.length > 0) rows[name] = Object.fromEntries(named.map(([id, each]) => [id, each.identity]))
    }
  }
  return { answers: kept, identity: { answers: identity, rows } }
}

function partRow(row: Row, identifiers: ReadonlySet<string>): { readonly row: Row; readonly identity: Record<string, Answer> } {
  const kept: Record<string, Answer> = {}
  const identity: Record<string, Answer> = {}
  for (const [name, value] of Object.entries(row)) {
    if (value === undefined || name === '_id') continue
    ;(identifiers.has(name) ? identity : kept)[name] = value
  }
  return { row: { _id: row._id, ...kept }, identity }
}
