import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compiled, itemsOf } from './household.ts'

const root = join(import.meta.dirname, '../../..')
const rows = readFileSync(join(root, 'docs/methods/needs.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| R\d{3} /.test(line))
const indicators = new Set(readdirSync(join(root, 'schemas/indicators')).map((name) => name.replace('.json', '')))

describe('the table of needs', () => {
  it('holds each of the 118 needs once', () => {
    const wanted = Array.from({ length: 118 }, (_, index) => `R${String(index + 1).padStart(3, '0')}`)
    expect(rows.map((row) => row.slice(2, 6)).toSorted((a, b) => a.localeCompare(b))).toEqual(wanted)
  })

  it('says of each how far it is met', () => {
    expect(rows.filter((row) => !/\| (yes|part|no)(: [^|]+)? \|$/.test(row))).toEqual([])
  })

  it('names only questions and indicators that exist', async () => {
    const { items } = await compiled('household')
    const questions = new Set(itemsOf(items).map(({ name }) => name))
    const named = rows.flatMap(
      (row) =>
        row
          .split('|')
          .slice(3)
          .join('|')
          .match(/\b[A-Z]\d{2}\b|\b[A-Z]{3}\d{2}\b/g) ?? [],
    )
    expect(named.length).toBeGreaterThan(150)
    expect(named.filter((name) => !questions.has(name) && !indicators.has(name))).toEqual([])
  })
})
