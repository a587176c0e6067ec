import { describe, expect, it } from 'vitest'
import { cellsOf, columnTable, onlyNodes } from '../../../aggregator/indicators/column-table.ts'
import { byColumn, tableRecords } from '../../../aggregator/indicators/table-file.ts'
import { tableJson } from '../../../aggregator/indicators/table-json.ts'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import { tableLines } from '../../support/table-lines.ts'

const areas = [{ code: '_T', parent: null }, ...Array.from({ length: 6_000 }, (_, index) => ({ code: `A "${index}"`, parent: 0 }))]
const cell = (area: number, sex: number): WorkingCell => ({
  nodes: [area, sex],
  respondents: area + 1,
  withoutAnswer: sex,
  cases: area,
  numerator: area,
  denominator: area % 7 === 0 ? 0 : area + 1,
  value: area % 7 === 0 ? null : (100 * area) / (area + 1),
})
const table: WorkingTable = {
  marking: 'not for release',
  indicator: 'EDU01',
  indicatorVersion: '1.0.0',
  round: '2026-1',
  level: 'person',
  type: 'proportion',
  dimensions: [
    { id: 'REF_AREA', nodes: areas },
    {
      id: 'SEX',
      nodes: [
        { code: '_T', parent: null },
        { code: 'F', parent: 0 },
      ],
    },
  ],
  cells: areas.flatMap((_, area) => [cell(area, 0), cell(area, 1)]),
}
const sampling = { standardError: 1.5, low: 0, high: 3, designEffect: null, status: 'U' } as const
const sample: WorkingTable = { ...table, cells: table.cells.slice(0, 3).map((each) => ({ ...each, sampling })) }
const jsonOf = (of: WorkingTable) => [...tableJson(columnTable(of))].join('')

describe('a working table by columns', () => {
  it.each([table, sample])('has the cells it was made of', (each) => {
    expect(cellsOf(columnTable(each))).toEqual(each.cells)
    expect(cellsOf(columnTable(each), 1, 3)).toEqual(each.cells.slice(1, 3))
  })

  it.each([table, sample])('keeps only the cells of the nodes that are wanted', (each) => {
    const kept = onlyNodes(columnTable(each), 1, (node) => node === 1)
    expect(cellsOf(kept)).toEqual(each.cells.filter(({ nodes }) => nodes[1] === 1))
    expect(jsonOf({ ...each, cells: cellsOf(kept) })).toBe([...tableJson(kept)].join(''))
  })
})

describe('the JSON of a working table', () => {
  it.each([table, sample])('says of every line what the CSV file says', (each) => {
    expect(tableLines(jsonOf(each))).toEqual(tableRecords(columnTable(each)))
  })

  it('is an array per column, and the heading and marking once', () => {
    expect(JSON.parse(jsonOf({ ...table, cells: [cell(1, 1), cell(7, 0)] }))).toEqual({
      INDICATOR: 'EDU01',
      VERSION: '1.0.0',
      ROUND: '2026-1',
      REF_AREA: ['A "0"', 'A "6"'],
      SEX: ['F', '_T'],
      respondents: [2, 8],
      withoutAnswer: [1, 0],
      cases: [1, 7],
      numerator: [1, 7],
      denominator: [2, 0],
      value: [50, null],
      MARKING: 'not for release',
    })
  })

  it('of nobody has empty columns', () => {
    expect(JSON.parse(jsonOf({ ...table, cells: [] }))).toMatchObject({ SEX: [], value: [], MARKING: 'not for release' })
  })

  it.each([table, sample])('is the same on the desk and in the terminal', (each) => {
    expect(byColumn(tableRecords(columnTable(each)))).toEqual(JSON.parse(jsonOf(each)))
  })
})
