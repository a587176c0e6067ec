import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { tablesOf } from '../../schemas/xlsform/tables.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'

/** An answer in numbers far from all others: perhaps a nought too many, perhaps true. The number itself is not told. */
export interface Outlier {
  readonly record: string
  readonly area: string
  readonly question: string
  /** Place in the roster, from 1; null for the household. */
  readonly member: number | null
  /** Modified z-score on a logarithmic scale; negative: too small. */
  readonly distance: number
}

const inNumbers = new Set(['integer', 'decimal'])

/** The farthest answers to each question in numbers, the farthest first. */
export async function outliers(connection: DuckDBConnection, questionnaire: Questionnaire, round: string): Promise<readonly Outlier[]> {
  const template = await readFile(new URL('./sql/outliers.sql', import.meta.url), 'utf8')
  const found: Outlier[] = []
  for (const { name, repeat, columns } of tablesOf(questionnaire))
    for (const { name: column, holds, question } of columns) {
      if (holds !== 'answer' || !question || question.calculation !== undefined || !inNumbers.has(question.type)) continue
      // Of every age there is somebody: on a logarithmic scale each baby would be far from all others.
      if (question.concept?.split('/')[0] === 'age') continue
      const sql = template
        .replaceAll('{table}', quotedIdentifier(`current_${name}`))
        .replaceAll('{column}', quotedIdentifier(column))
        .replaceAll('{place}', repeat === undefined ? 'null' : 'row_position + 1')
      const rows = (await connection.runAndReadAll(sql, { round })).getRows()
      for (const [record, area, place, distance] of rows)
        found.push({
          record: String(record),
          area: String(area),
          question: question.name,
          member: place === null ? null : Number(place),
          distance: Number(distance),
        })
    }
  return found.toSorted((a, b) => Math.abs(b.distance) - Math.abs(a.distance))
}
