import { describe, expect, it } from 'vitest'
import { ancestorsOf, areaNodes, areasForMap } from '../../../aggregator/portal/areas.ts'
import { countFigures, figureAt, findTable, sliceOf } from '../../../aggregator/portal/slices.ts'
import { exampleTable } from '../../support/protected-table.ts'
import { exampleRelease } from '../../support/released.ts'
import { townRelease } from '../../support/town-release.ts'

const town = townRelease('2026', 900)

describe('a part of a table', () => {
  it('has every other dimension at its total, or where it is asked for', () => {
    expect(sliceOf(exampleTable(), ['SEX']).map(({ cell }) => cell.value)).toEqual([10, 12, 8])
    expect(sliceOf(exampleTable(), ['SEX'], { REF_AREA: 'A1' }).map(({ cell }) => cell.value)).toEqual([15, 20, 10])
  })

  it('is empty for a place that the table does not have', () => {
    expect(sliceOf(exampleTable(), ['SEX'], { REF_AREA: 'Z9' })).toEqual([])
  })
})

describe('the figure of a place', () => {
  it('is taken from the table that publishes it', () => {
    const hidden = exampleTable({
      id: 'MIG01.area',
      cells: exampleTable().cells.map((cell) => ({ ...cell, value: null, status: 'Q' as const })),
    })
    expect(figureAt(exampleRelease({ tables: [hidden, exampleTable()] }), 'MIG01', 'A1')?.cell.value).toBe(15)
  })

  it('is withheld, and not absent, where every table withholds it', () => {
    expect(figureAt(exampleRelease(), 'MIG01', 'A2')?.cell).toMatchObject({ value: null, status: 'Q' })
  })

  it('is none for the answers to a question, which are a hundred percent together', () => {
    expect(figureAt(exampleRelease({ tables: [exampleTable({ type: 'distribution' })] }), 'MIG01')).toBeUndefined()
  })
})

describe('the tables of a release', () => {
  it('are counted by what they publish', () => {
    expect(countFigures([exampleTable()])).toEqual({ all: 9, published: 6, low: 1 })
  })

  it('are looked up by the dimensions that are needed, the smallest first', () => {
    expect(findTable(town, 'POP01', ['REF_AREA'])?.id).toBe('POP01.area')
    expect(findTable(town, 'POP01', ['REF_AREA', 'SEX'])?.id).toBe('POP01.area-sex')
    expect(findTable(town, 'MIG01', ['AGE', 'SEX'])).toBeUndefined()
  })
})

describe('the areas of a release', () => {
  const nodes = areaNodes(town)

  it('are a tree without the total', () => {
    expect(nodes[0]).toEqual({ code: 'P1', parent: null })
    expect(ancestorsOf(nodes, 'B1')).toEqual(['P1', 'M1'])
  })

  it('are drawn at the finest level that fits, through levels of one', () => {
    expect(areasForMap(nodes)).toEqual(['B1', 'B2', 'B3', 'B4'])
  })

  it('stay at the coarser level when the finer one has too many', () => {
    const wide = [
      { code: 'P', parent: null },
      { code: 'Q', parent: null },
      ...Array.from({ length: 60 }, (_, at) => ({ code: `B${at}`, parent: 'P' })),
    ]
    expect(areasForMap(wide)).toEqual(['P', 'Q'])
    expect(areasForMap([{ code: 'P', parent: null }])).toEqual(['P'])
  })
})
