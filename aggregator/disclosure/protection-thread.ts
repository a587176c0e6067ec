// One thread of the crew: works on the systems it is handed. It touches no store, file or network.
import { parentPort } from 'node:worker_threads'
import { auditJointly, type JointOptions } from './joint/joint-audit.ts'
import type { JointSystem } from './joint/joint-system.ts'
import { protectSystem } from './tables/protect-system.ts'
import type { ProtectionRules } from './tables/protection-rules.ts'
import { loadSolver, type Solver } from './tables/solver.ts'
import type { System } from './tables/system.ts'

export type Task =
  | { readonly kind: 'protect'; readonly system: System; readonly rules: ProtectionRules }
  | { readonly kind: 'joint'; readonly system: JointSystem; readonly options: JointOptions }

function work(solver: Solver, task: Task): unknown {
  return task.kind === 'protect' ? protectSystem(solver, task.system, task.rules) : auditJointly(solver, task.system, task.options)
}

const solver = loadSolver()

parentPort?.on('message', (task: Task) => {
  solver
    .then((loaded) => parentPort?.postMessage({ result: work(loaded, task) }, []))
    .catch((error: unknown) => parentPort?.postMessage({ failed: error instanceof Error ? error.message : 'unknown' }, []))
})
