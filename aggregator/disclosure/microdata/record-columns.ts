import data from '../../../schemas/microdata.json' with { type: 'json' }
import type { Area } from '../../../schemas/generated/records.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import { asNumber, asText } from '../../../schemas/language/sql-value.ts'
import { type SqlPlace, toSql } from '../../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { dimensionOf, type PlacedDimension } from '../../indicators/dimensions.ts'
import { personRepeat, sqlNames, tableOf } from '../../indicators/sql-names.ts'
import type { Dimension } from '../../indicators/working-table.ts'
import { ageHierarchy, codeHierarchy, type QuasiIdentifier } from './hierarchy.ts'

export interface RecordColumns {
  /** Query of the records that may be shared, one person a row, as codes 0, 1, 2 …; parameter $round. */
  readonly sql: string
  readonly identifiers: readonly QuasiIdentifier[]
  readonly sensitive: { readonly column: string; readonly labels: readonly string[] }
  readonly household: string
}

interface ColumnData {
  readonly column: string
  readonly importance: number
  readonly dimension?: string
  readonly value?: string
  readonly years?: boolean
  readonly codes?: readonly string[]
  readonly groups?: Readonly<Record<string, readonly string[]>>
}

const oldest = 110
const noAnswer = 'no answer'

/**
 * The records of a round as the extract needs them: people whose household agreed to sharing without names, described by the columns of
 * schemas/microdata.json and nothing else.
 * @param isNamed which areas are large enough to be named; people of any other stand under the nearest larger one.
 */
export function recordColumns(questionnaire: Questionnaire, areas: readonly Area[], isNamed: (code: string) => boolean): RecordColumns {
  const names = sqlNames(questionnaire, 'shareable_')
  const repeat = personRepeat(questionnaire)
  const place: SqlPlace = {
    household: 'h',
    today: 'h.finished',
    now: "strftime(h.finished, '%Y-%m-%dT00:00:00')",
    member: { repeat, alias: 'p' },
  }
  const valueOf = (expression: string) => toSql(parseExpression(expression), names, place)
  const placed = (id: string) => dimensionOf(id, questionnaire, areas)
  const columns = (data.identifiers as readonly ColumnData[]).map(
    (each): { readonly identifier: QuasiIdentifier; readonly sql: string } => {
      if (each.dimension !== undefined) {
        const dimension = placed(each.dimension)
        const { identifier, codeOf } = treeHierarchy(each, dimension, each.dimension === 'REF_AREA' ? isNamed : () => true)
        const value = dimension.value === null ? 'h.area' : asText(toSql(dimension.value, names, place))
        return { identifier, sql: codeSql(value, codeOf, codeOf.size) }
      }
      const value = valueOf(each.value ?? '')
      if (each.years) {
        const years = ageHierarchy(each.column, oldest)
        return { identifier: { ...years, importance: each.importance }, sql: `least(greatest(floor(${asNumber(value)}), 0), ${oldest})` }
      }
      const codes = [...(each.codes ?? []), noAnswer]
      const groups = Object.entries({ ...each.groups, ...(each.groups && { [noAnswer]: [noAnswer] }) })
      const known = new Map((each.codes ?? []).map((code, at) => [code, at]))
      // More than the last number of a list counts as the last.
      const text = each.groups ? `(least(${asNumber(value)}, ${known.size})::integer)::varchar` : asText(value)
      return { identifier: codeHierarchy(each.column, codes, groups, each.importance), sql: codeSql(text, known, known.size) }
    },
  )
  const sensitive = placed(data.sensitive)
  const labels = sensitive.dimension.nodes.slice(1).map(({ code }) => code)
  const statusOf = new Map([...sensitive.nodeOf].map(([value, node]) => [value, node - 1]))
  const status = codeSql(asText(toSql(sensitive.value ?? 0, names, place)), statusOf, sensitive.unknownNode - 1)
  // Somebody of unknown age fits no band and is left out.
  const ages = columns.filter((_, at) => data.identifiers[at]?.years).map(({ sql }) => sql)
  const selected = columns.map(({ identifier, sql }) => `(${sql})::usmallint as "${identifier.column}"`)
  return {
    sql: `select ${selected.join(', ')}, (${status})::utinyint as "${data.sensitive}", h.record_id as household
      from "shareable_${tableOf(questionnaire, repeat)}" p join "shareable_${tableOf(questionnaire)}" h on h.record_id = p.record_id
      where h.round = $round and ${ages.map((sql) => `(${sql}) is not null`).join(' and ')}`,
    identifiers: columns.map(({ identifier }) => identifier),
    sensitive: { column: data.sensitive, labels },
    household: 'household',
  }
}

function codeSql(value: string, codeOf: ReadonlyMap<string, number>, unknown: number): string {
  const cases = [...codeOf].map(([text, code]) => `when '${text.replaceAll("'", "''")}' then ${code}`)
  return cases.length === 0 ? String(unknown) : `case ${value} ${cases.join(' ')} else ${unknown} end`
}

/**
 * A dimension as ever coarser groupings: its leaves, then one step up its tree after the other, then everybody.
 * @returns the code of each text a record may hold; everything else is the code after the last.
 */
function treeHierarchy(
  { column, importance }: ColumnData,
  { dimension, nodeOf }: PlacedDimension,
  isNamed: (code: string) => boolean,
): { readonly identifier: QuasiIdentifier; readonly codeOf: ReadonlyMap<string, number> } {
  const nameable = (node: number): number => {
    const { code, parent } = dimension.nodes[node] ?? { code: '', parent: null }
    return parent === null || isNamed(code) ? node : nameable(parent)
  }
  const leaves = [...new Set([...nodeOf.values()].map(nameable))]
  const codes = [...leaves, -1]
  const chains = codes.map((node) => (node < 0 ? [-1, -1] : chainOf(dimension, node)))
  const depth = Math.max(...chains.map(({ length }) => length))
  // Shorter chains wait at their first node, so that every level is nested in the next.
  const at = (chain: readonly number[], level: number) => chain[Math.max(0, level - (depth - chain.length))] ?? 0
  const levels: number[][] = []
  const labels: string[][] = []
  for (let level = 0; level < depth; level++) {
    const nodes = chains.map((chain) => (level === depth - 1 ? 0 : at(chain, level)))
    const groups = [...new Set(nodes)]
    levels.push(nodes.map((node) => groups.indexOf(node)))
    labels.push(groups.map((node) => (level === depth - 1 ? 'any' : node < 0 ? noAnswer : (dimension.nodes[node]?.code ?? ''))))
  }
  const codeOf = new Map([...nodeOf].map(([text, node]) => [text, leaves.indexOf(nameable(node))]))
  return { identifier: { column, importance, levels, labels }, codeOf: new Map([...codeOf, ['', leaves.length]]) }
}

/** From a node up to the total. */
function chainOf({ nodes }: Dimension, node: number): readonly number[] {
  const chain = [node]
  for (let parent = nodes[node]?.parent ?? null; parent !== null; parent = nodes[parent]?.parent ?? null) chain.push(parent)
  return chain
}
