// A real town is released twice; in between one home is withdrawn, moves or is corrected. Exit code 0 when nobody learns anything about it.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createRandom } from '../../simulation/random.ts'
import { loadAttacker } from '../attackers.ts'
import { type Change, firstTown, grownTown, removeTown } from './real-town.ts'
import { attackVintages, learned } from './trial.ts'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '200' },
    households: { type: 'string', default: '150' },
    newcomers: { type: 'string', default: '45' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
})
const trials = Number(values.trials)
const seed = Number(values.seed)
/** One trial in so many is also made by an office that forgets its first release. */
const mutantEvery = 20
const solver = await loadAttacker()
const quiet = await firstTown(seed, Number(values.households))
const grown = await grownTown(quiet, seed + 10_000, Number(values.newcomers))
const results: object[] = []
let isSafe = true
try {
  for (const change of ['withdrawn', 'moved', 'corrected'] as const satisfies readonly Change[]) {
    const random = createRandom(seed)
    const found = { change, trials: 0, quiet: 0, grown: 0, asked: 0, learned: 0, mutants: 0, caught: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const isQuiet = trial % 2 === 0
      // The family of thirteen first, in both towns.
      const home = trial < 2 ? 0 : random.whole(0, quiet.visited.length - 1)
      const scene = { town: isQuiet ? quiet : grown, change, home, seed: seed + trial }
      const result = await attackVintages(solver, scene)
      found.trials++
      found[isQuiet ? 'quiet' : 'grown']++
      found.asked += result.asked
      if (learned(result, isQuiet)) {
        found.learned++
        process.stdout.write(`LEARNED ${JSON.stringify({ ...scene, town: undefined, isQuiet, ...result })}\n`)
      }
      if (trial % mutantEvery < 2) {
        found.mutants++
        if (learned(await attackVintages(solver, { ...scene, forgets: true }), isQuiet)) found.caught++
      }
      if ((trial + 1) % 20 === 0) process.stderr.write(`${change}: ${trial + 1} of ${trials}\n`)
    }
    results.push(found)
    isSafe &&= found.learned === 0 && found.caught === found.mutants
    process.stdout.write(
      `${change.padEnd(10)} ${found.learned} of ${found.trials} learned (${found.quiet} where nothing else changed, ${found.grown} where ${values.newcomers} homes came; ${found.asked} small changes attacked); mutant caught ${found.caught} of ${found.mutants}\n`,
    )
  }
} finally {
  await removeTown(quiet)
  await removeTown(grown)
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ seed, results }, null, 1)}\n`)
process.exitCode = isSafe ? 0 : 1
