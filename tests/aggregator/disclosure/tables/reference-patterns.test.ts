import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eliminate } from '../../../../aggregator/disclosure/tables/eliminate.ts'
import { cellColumns } from '../../../../aggregator/disclosure/tables/system.ts'
import { referenceTables } from './reference-tables.ts'

interface Recorded {
  readonly source: string
  readonly tables: readonly { readonly name: string; readonly cells: number; readonly secondary: readonly number[] }[]
}

const { source, tables } = JSON.parse(readFileSync(new URL('reference-patterns.json', import.meta.url), 'utf8')) as Recorded

describe(`withheld figures with the candidates in the same order (from ${source})`, () => {
  it.each(referenceTables())('are those of GaussSuppression: $name', ({ name, system, primary, candidates }) => {
    const recorded = tables.find((each) => each.name === name)
    expect(system.counts.length).toBe(recorded?.cells)
    const { published } = eliminate({ columns: cellColumns(system), candidates, protectedColumns: primary })
    expect(Array.from(candidates.filter((cell) => !published[cell])).toSorted((a, b) => a - b)).toEqual(recorded?.secondary)
    // Another order is another pattern: the comparison says something.
    const other = eliminate({ columns: cellColumns(system), candidates: candidates.toReversed(), protectedColumns: primary })
    expect(other.published).not.toEqual(published)
  })
})
