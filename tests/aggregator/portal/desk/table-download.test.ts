import { describe, expect, it } from 'vitest'
import { type ColumnTable, columnTable } from '../../../../aggregator/indicators/column-table.ts'
import { tableRecords, toCsvText } from '../../../../aggregator/indicators/table-file.ts'
import { tableDownload } from '../../../../aggregator/portal/desk/table-download.ts'
import { tableLines } from '../../../support/table-lines.ts'

const codes = Array.from({ length: 50_000 }, (_, index) => ({ code: index === 0 ? '_T' : `A${index}`, parent: index === 0 ? null : 0 }))
const table = columnTable({
  marking: 'not for release',
  indicator: 'POP01',
  indicatorVersion: '1',
  round: '2026-r1',
  level: 'person',
  type: 'count',
  dimensions: [{ id: 'REF_AREA', nodes: codes }],
  cells: codes.map((_, at) => ({
    nodes: [at],
    respondents: at,
    cases: at,
    numerator: at,
    denominator: at,
    value: at / 3,
    withoutAnswer: 0,
  })),
})
const partsOf = async (of: ColumnTable | undefined, format: 'csv' | 'json') => {
  const parts: string[] = []
  for await (const part of tableDownload(of, format)) parts.push(part)
  return parts
}

describe('the download of a working table', () => {
  it('is the same in parts as it would be at once', async () => {
    expect((await partsOf(table, 'csv')).join('')).toBe(toCsvText(tableRecords(table)))
    expect(tableLines((await partsOf(table, 'json')).join(''))).toEqual(tableRecords(table))
  })

  it.each(['csv', 'json'] as const)('of many lines as %s lets others in between', async (format) => {
    let turns = 0
    const turn = () => {
      turns++
      next = setImmediate(turn)
    }
    let next = setImmediate(turn)
    const parts = await partsOf(table, format)
    clearImmediate(next)
    expect(parts.length).toBeGreaterThan(1)
    expect(turns).toBeGreaterThan(0)
  })

  it('of nobody has its heading only, and of no table is empty', async () => {
    const empty = columnTable({
      marking: table.marking,
      indicator: 'POP01',
      indicatorVersion: '1',
      round: '',
      level: 'person',
      type: 'count',
      dimensions: [],
      cells: [],
    })
    expect(tableLines((await partsOf(empty, 'json')).join(''))).toEqual([])
    expect((await partsOf(empty, 'csv')).join('')).toBe('')
    expect(await partsOf(undefined, 'json')).toEqual([])
  })
})
