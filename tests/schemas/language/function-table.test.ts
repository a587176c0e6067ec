import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { functionTable } from '../../../schemas/language/function-table.ts'

it('the page on expressions explains every function, and no other', async () => {
  expect(await readFile('docs/methods/expressions.md', 'utf8')).toContain(`\n${functionTable()}\n`)
})
