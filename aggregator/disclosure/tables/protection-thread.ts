// One thread of the crew: protects the systems it is handed. It touches no store, file or network.
import { parentPort } from 'node:worker_threads'
import { type ProtectionRules, protectSystem } from './protect-system.ts'
import { loadSolver } from './solver.ts'
import type { System } from './system.ts'

const solver = loadSolver()

parentPort?.on('message', ({ system, rules }: { readonly system: System; readonly rules: ProtectionRules }) => {
  solver
    .then((loaded) => parentPort?.postMessage({ protection: protectSystem(loaded, system, rules) }, []))
    .catch((error: unknown) => parentPort?.postMessage({ failed: error instanceof Error ? error.message : 'unknown' }, []))
})
