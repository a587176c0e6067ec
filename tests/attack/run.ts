// Attacks a release and prints what held. Exit code 0 when every attack failed and every mutant was caught, 1 otherwise.
import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadAttacker } from './attackers.ts'
import { combination } from './on-combination.ts'
import { averaging, differencing, groupDisclosure, linkedTables, perLineCounting, referencePattern, statusAware } from './on-method.ts'
import { linkage, pseudonymGuess, recount, tabulatedRecords, uniques } from './on-records.ts'
import { fractions, linearAudit, linearBounds, metadata, parentMinusSiblings, smallAreas, wholeNumberBounds } from './on-tables.ts'
import type { Attack, Outcome } from './outcome.ts'
import { readTarget } from './published.ts'

const { values: options } = parseArgs({
  options: {
    release: { type: 'string' },
    truth: { type: 'string' },
    json: { type: 'string' },
    seconds: { type: 'string', default: '900' },
    only: { type: 'string' },
  },
})
if (!options.release) {
  console.error('Say which release: npm run attack -- --release data/releases/<id>')
  process.exit(2)
}
const folder = options.release.replace(/\/$/, '')
const truth = options.truth ?? join(dirname(dirname(folder)), 'disclosure', basename(folder), 'truth.json')
const target = readTarget(folder, truth)
const solver = await loadAttacker()
const attacks: readonly (readonly [string, Attack])[] = [
  ['T1', linearAudit],
  ['T2', linearBounds],
  ['T3', wholeNumberBounds],
  ['T4', referencePattern],
  ['T5', linkedTables],
  ['T6', perLineCounting],
  ['T7', differencing],
  ['T8', parentMinusSiblings],
  ['T9', groupDisclosure],
  ['T10', fractions],
  ['T11', recount],
  ['T12', linkage],
  ['T13', uniques],
  ['T14', tabulatedRecords],
  ['T15', smallAreas],
  ['T16', pseudonymGuess],
  ['T17', metadata],
  ['T18', statusAware],
  ['T19', averaging],
  ['T20', combination],
]
const wanted = options.only?.split(',')
const outcomes: (Outcome & { readonly seconds: number })[] = []
for (const [id, attack] of attacks) {
  if (wanted && !wanted.includes(id)) continue
  const started = performance.now()
  const outcome = await attack({ target, solver, milliseconds: Number(options.seconds) * 1000 })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  outcomes.push({ ...outcome, seconds })
  console.log(
    `${outcome.id.padEnd(4)} ${outcome.pass ? 'held  ' : 'BROKEN'} ${outcome.mutant_caught ? 'mutant caught' : 'MUTANT MISSED'}  ${outcome.title} (${outcome.note}; ${seconds} s)`,
  )
}
if (options.json) writeFileSync(options.json, `${JSON.stringify({ release: basename(folder), tests: outcomes }, null, 1)}\n`)
process.exitCode = outcomes.every(({ pass, mutant_caught }) => pass && mutant_caught) ? 0 : 1
