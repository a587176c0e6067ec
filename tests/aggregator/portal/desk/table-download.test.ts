import { describe, expect, it } from 'vitest'
import { tableRecords, toCsvText } from '../../../../aggregator/indicators/table-file.ts'
import type { WorkingTable } from '../../../../aggregator/indicators/working-table.ts'
import { tableDownload } from '../../../../aggregator/portal/desk/table-download.ts'

const codes = Array.from({ length: 2_500 }, (_, index) => ({ code: index === 0 ? '_T' : `A${index}`, parent: index === 0 ? null : 0 }))
const table: WorkingTable = {
  marking: 'not for release',
  indicator: 'POP01',
  indicatorVersion: '1',
  round: '2026-r1',
  level: 'person',
  type: 'count',
  dimensions: [{ id: 'REF_AREA', nodes: codes }],
  cells: codes.map((_, at) => ({ nodes: [at], respondents: at, cases: at, numerator: at, denominator: at, value: at, withoutAnswer: 0 })),
}
const whole = async (of: WorkingTable | undefined, format: 'csv' | 'json') => {
  const parts: string[] = []
  for await (const part of tableDownload(of, format)) parts.push(part)
  return parts
}

describe('the download of a working table', () => {
  it('is the same in parts as it would be at once', async () => {
    expect((await whole(table, 'csv')).join('')).toBe(toCsvText(tableRecords(table)))
    expect(JSON.parse((await whole(table, 'json')).join(''))).toEqual(tableRecords(table))
  })

  it('comes a thousand lines at a time, and lets others in between', async () => {
    let turns = 0
    const other = setInterval(() => turns++, 0)
    const parts = await whole(table, 'csv')
    clearInterval(other)
    expect(parts.map((part) => part.trimEnd().split('\n').length)).toEqual([1_001, 1_000, 500])
    expect(turns).toBeGreaterThan(0)
  })

  it.each([undefined, { ...table, cells: [] }])('of nobody is a list of nothing', async (empty) => {
    expect(await whole(empty, 'json')).toEqual(['[]'])
    expect(await whole(empty, 'csv')).toEqual([])
  })
})
