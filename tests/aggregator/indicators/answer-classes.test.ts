import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digitsOf } from '../../../aggregator/indicators/answer-classes.ts'
import { comparedWith, type Holds } from '../../../aggregator/indicators/compared-with.ts'
import { gatherColumns } from '../../../aggregator/indicators/scan-columns.ts'
import { holds } from '../../../schemas/language/evaluate.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import { conditionSql, type SqlNames } from '../../../schemas/language/to-sql.ts'

const kinds: Readonly<Record<string, Holds>> = { work: 'text', reason: 'text', age: 'integer', limits: 'list' }

/** Named answers, others, none; numbers below and beyond all that is named; lists of none, one and several. */
const answers: Readonly<Record<string, readonly (string | number | readonly string[] | null)[]>> = {
  work: [null, '', '1', '3', '98', '01', 'something else'],
  reason: [null, '2', "o'clock", '99'],
  age: [null, -7, -1, 0, 14, 15, 17, 18, 201, 5000],
  limits: [null, [], ['1'], ['98'], ['7'], ['1', '98'], ['7', '8'], ['1', '1']],
}

const sqlKinds = { text: 'text', integer: 'number', list: 'codes' } as const
const names: SqlNames = {
  question: (name) => ({ column: name, kind: sqlKinds[kinds[name] ?? 'text'] }),
  repeatTable: () => undefined,
  list: () => [],
  labels: () => ({}),
}

/** Every combination of them. */
const people = Object.entries(answers).reduce<readonly Readonly<Record<string, (typeof answers)[string][number]>>[]>(
  (all, [name, own]) => all.flatMap((person) => own.map((answer) => ({ ...person, [name]: answer }))),
  [{}],
)

const sqlOf = (value: string | number | readonly string[] | null | undefined): string => {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value ? `[${value.map(sqlOf).join(', ')}]::VARCHAR[]` : 'NULL'
}

describe('answers as numbered classes', () => {
  let connection: DuckDBConnection
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run('CREATE TABLE people (work VARCHAR, reason VARCHAR, age INTEGER, limits VARCHAR[])')
    const rows = people.map(
      (person) =>
        `(${Object.keys(kinds)
          .map((name) => sqlOf(person[name]))
          .join(', ')})`,
    )
    await connection.run(`INSERT INTO people VALUES ${rows.join(', ')}`)
  })
  afterAll(() => connection.closeSync())

  const columnsOf = (texts: readonly string[]) => {
    const columns = gatherColumns()
    for (const [indicator, text] of texts.entries()) {
      const condition = parseExpression(text)
      const compared = [...(comparedWith(condition, (name) => kinds[name]) ?? [])]
      const sources = compared.map(([name, values]) => ({ name, sql: `h."${name}"`, holds: kinds[name] ?? 'text', values }))
      columns.test({ condition, kind: 'asked', indicator }, conditionSql(condition, names, { household: 'h', today: '', now: '' }), sources)
    }
    return columns.columns()
  }
  /** What the numbers of the database say of each person. */
  const decided = async (texts: readonly string[]) => {
    const made = columnsOf(texts)
    const numbers = await connection.runAndReadAll(`SELECT ${made.map(({ sql }) => sql).join(', ')} FROM people h`)
    return numbers.getRows().map((row) => {
      const held = new Map<number, boolean>()
      for (const [index, { digits }] of made.entries())
        for (const [{ tests, classes }, digit] of digitsOf(
          digits.map((each) => ({ ...each, sql: '', size: each.classes.size })),
          Number(row[index]),
        ))
          for (const { condition, indicator } of tests) held.set(indicator, classes.holds(condition, digit))
      return texts.map((_, indicator) => held.get(indicator))
    })
  }
  const evaluated = (texts: readonly string[]) =>
    people.map((person) =>
      texts.map((text) =>
        holds(parseExpression(text), {
          today: '',
          now: '',
          value: (name) => person[name] ?? '',
          self: () => '',
          members: () => [],
          position: () => 0,
          choiceName: (_, code) => code,
          list: () => [],
          random: () => 0,
        }),
      ),
    )

  it.each([
    { title: 'texts', texts: ["${work} = '1' or ${work} = '3'", "${work} != ''", "${work} != '98'", '${reason} = "o\'clock"'] },
    {
      title: 'whole numbers, with all below and beyond',
      texts: ['${age} >= 15', '${age} <= 17', '${age} > 0', "${age} = ''", '${age} != 14'],
    },
    {
      title: 'lists of codes, also of several',
      texts: ["${limits} != ''", "not(selected(${limits}, '98'))", "selected(${limits}, '1') or selected(${limits}, '8')"],
    },
    {
      title: 'more conditions on a list than one number tells',
      texts: ['1', '7', '8', '98', '2'].map((code) => `selected(\${limits}, '${code}')`),
    },
    {
      title: 'two questions together',
      texts: ["${work} = '1' and ${reason} = '2'", "not(${work} = '98' or ${age} < 18)", "${reason} != '99'"],
    },
  ])('decide $title as the language does', async ({ texts }) => {
    expect(await decided(texts)).toEqual(evaluated(texts))
  })

  it('leave to the database what is not a comparison with constants, a list beside another question, and too many classes together', async () => {
    const many = Array.from({ length: 40 }, (_, code) => `\${work} = 'w${code}' or \${reason} = 'r${code}'`).join(' or ')
    for (const text of [
      '${age} + 1 > 3',
      '${work} = 1',
      '${work} = ${reason}',
      '${age} > 2000',
      "${work} = '1' and selected(${limits}, '1')",
      many,
    ]) {
      expect(columnsOf([text]).at(-1)?.digits.at(-1)?.classes.size).toBe(2)
      expect(await decided([text])).toEqual(evaluated([text]))
    }
  })
})
