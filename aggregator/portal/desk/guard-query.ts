import { ProblemError } from '../../problem.ts'

/** A node of DuckDB's own parse tree, as `json_serialize_sql` gives it. */
export interface SqlNode {
  readonly [name: string]: unknown
}

/** What a query of the console may read. Everything else of the warehouse is out of its reach. */
export const deskViews = ['homes', 'people'] as const

/** Fewer rows than this behind an output row and it is left out: the console answers with totals, never with somebody. */
export const fewestRows = 3

const aggregates =
  'count count_star count_if sum avg mean min max median quantile quantile_cont quantile_disc mode stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_slope regr_intercept regr_r2 skewness kurtosis entropy approx_count_distinct approx_quantile bool_and bool_or'.split(
    ' ',
  )
const scalars =
  '+ - * / // % ** ^ || ~~ !~~ ~~~ abs ceil ceiling floor round trunc sign sqrt exp ln log log2 log10 pow power greatest least coalesce ifnull nullif if lower upper length strlen left right substring substr trim ltrim rtrim replace concat contains starts_with ends_with prefix suffix regexp_matches regexp_full_match split_part lpad rpad year month day quarter week date_part datepart date_diff datediff date_trunc age make_date list_contains list_has array_contains array_length len list_value cast hash'.split(
    ' ',
  )
const windows = 'row_number rank dense_rank percent_rank cume_dist ntile'.split(' ')
const functions: ReadonlySet<string> = new Set([...aggregates, ...scalars, ...windows])
const sources = new Set(['EMPTY', 'JOIN', 'SUBQUERY', 'EXPRESSION_LIST'])

/**
 * Checks one statement by its parse tree and adds the floor of rows to it. What is not known to be harmless is refused: other tables,
 * functions that read files, settings or the environment, single rows as the answer.
 * @param serialized what `json_serialize_sql` said of the text.
 * @param views parse trees of the desk's views, put in front as `with homes as …, people as …`.
 * @returns the tree to run.
 * @throws ProblemError `query-refused` with what to change.
 */
export function guardQuery(serialized: SqlNode, views: readonly SqlNode[]): SqlNode {
  if (serialized['error'] === true) throw refused(`It is not one SELECT that can be read: ${String(serialized['error_message'])}.`)
  const statements = serialized['statements'] as readonly { readonly node: SqlNode }[]
  const [statement] = statements
  if (!statement || statements.length > 1) throw refused('Send one SELECT at a time.')
  const { node } = statement
  check(node, new Set(deskViews))
  if (node['type'] !== 'SELECT_NODE') throw refused('Put a SELECT with totals around it: select …, count(*) from ( … ) group by ….')
  const select = node['select_list'] as readonly SqlNode[]
  const grouped = (node['group_expressions'] as readonly unknown[]).length > 0
  if (!grouped && !select.every(isTotal))
    throw refused('The console answers with totals, not with people: use count, sum, avg … and group by.')
  if (node['qualify']) throw refused('QUALIFY picks single rows; use group by.')
  const cteMap = node['cte_map'] as { readonly map: readonly SqlNode[] }
  const having = node['having'] ? conjunction(node['having'] as SqlNode, floor) : floor
  return { ...serialized, statements: [{ ...statement, node: { ...node, having, cte_map: { map: [...views, ...cteMap.map] } } }] }
}

/** Every table, function and subquery below the node. */
function check(value: unknown, known: ReadonlySet<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) check(each, known)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node = value as SqlNode
  const named = withNamesOf(node, known)
  if (typeof node['table_name'] === 'string' && 'catalog_name' in node) checkTable(node, named)
  if ('from_table' in node) checkSource(node['from_table'] as SqlNode)
  if (node['class'] === 'FUNCTION' || node['class'] === 'WINDOW') checkFunction(node)
  if (node['class'] === 'PARAMETER') throw refused('Parameters are not filled in here; write the value.')
  for (const each of Object.values(node)) check(each, named)
}

function withNamesOf(node: SqlNode, known: ReadonlySet<string>): ReadonlySet<string> {
  const map = (node['cte_map'] as { readonly map?: readonly { readonly key: string }[] } | undefined)?.map ?? []
  return map.length === 0 ? known : new Set([...known, ...map.map(({ key }) => key.toLowerCase())])
}

function checkTable({ type, table_name, schema_name, catalog_name }: SqlNode, known: ReadonlySet<string>): void {
  const inside = schema_name === '' && catalog_name === '' && known.has(String(table_name).toLowerCase())
  if (type !== 'BASE_TABLE' || !inside)
    throw refused(`Only ${deskViews.join(' and ')} can be read here, and what you name yourself with WITH.`)
}

function checkSource(source: SqlNode): void {
  const { type } = source
  if (type === 'BASE_TABLE') return
  if (type === 'JOIN') {
    checkSource(source['left'] as SqlNode)
    checkSource(source['right'] as SqlNode)
    return
  }
  if (!sources.has(String(type))) throw refused(`Only ${deskViews.join(' and ')} can be read here, no files, no functions as tables.`)
}

function checkFunction(node: SqlNode): void {
  const name = String(node['function_name']).toLowerCase()
  if (!functions.has(name)) throw refused(`The function ${name.slice(0, 40)} is not offered here.`)
}

/** An expression that has one value for many rows: an aggregate, a constant, or arithmetic of those. */
function isTotal(expression: SqlNode): boolean {
  if (expression['class'] === 'CONSTANT') return true
  if (expression['class'] === 'FUNCTION' && aggregates.includes(String(expression['function_name']))) return true
  const children = ['children', 'child', 'left', 'right'].flatMap((name) =>
    expression[name] ? [expression[name]].flat() : [],
  ) as SqlNode[]
  return (expression['class'] === 'FUNCTION' || expression['class'] === 'CAST') && children.length > 0 && children.every(isTotal)
}

const noPlace = { alias: '', query_location: 0 }
const floor: SqlNode = {
  class: 'COMPARISON',
  type: 'COMPARE_GREATERTHANOREQUALTO',
  ...noPlace,
  left: {
    class: 'FUNCTION',
    type: 'FUNCTION',
    ...noPlace,
    function_name: 'count_star',
    schema: '',
    children: [],
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  },
  right: {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    ...noPlace,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: fewestRows },
  },
}
const conjunction = (one: SqlNode, other: SqlNode): SqlNode => ({
  class: 'CONJUNCTION',
  type: 'CONJUNCTION_AND',
  ...noPlace,
  children: [one, other],
})

const refused = (detail: string) => new ProblemError('query-refused', detail)
