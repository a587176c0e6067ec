import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { auditJointly, type JointOptions, type JointOutcome } from './joint/joint-audit.ts'
import type { JointSystem } from './joint/joint-system.ts'
import type { Task } from './protection-thread.ts'
import { type Protection, protectSystem } from './tables/protect-system.ts'
import type { ProtectionRules } from './tables/protection-rules.ts'
import { loadSolver } from './tables/solver.ts'
import type { System } from './tables/system.ts'

/** Protects systems that do not depend on each other, several at a time, without holding up the server. */
export interface ProtectionCrew {
  /** How many systems are worked on at a time. */
  readonly size: number
  protect(system: System, rules: ProtectionRules): Promise<Protection>
  auditJointly(system: JointSystem, options: JointOptions): Promise<JointOutcome>
  /** Also ends what is being worked on. */
  close(): Promise<void>
}

type Reply<Result> = { readonly result: Result } | { readonly failed: string }

/** @param threads 0 to work in this thread, which is quicker for a handful of small tables. */
export function createProtectionCrew(threads: number): ProtectionCrew {
  if (threads === 0) {
    const solver = loadSolver()
    return {
      size: 1,
      protect: async (system, rules) => protectSystem(await solver, system, rules),
      auditJointly: async (system, options) => auditJointly(await solver, system, options),
      close: async () => undefined,
    }
  }
  const all = Array.from({ length: threads }, startThread)
  const free = [...all]
  const waiting: ((worker: Worker) => void)[] = []
  const borrow = () => {
    const worker = free.pop()
    return worker ? Promise.resolve(worker) : new Promise<Worker>((resolve) => waiting.push(resolve))
  }
  const giveBack = (worker: Worker) => {
    const next = waiting.shift()
    if (next) next(worker)
    else free.push(worker)
  }
  const work = async <Result>(task: Task): Promise<Result> => {
    const worker = await borrow()
    try {
      return await ask<Result>(worker, task)
    } finally {
      giveBack(worker)
    }
  }
  return {
    size: threads,
    protect: (system, rules) => work({ kind: 'protect', system, rules }),
    auditJointly: (system, options) => work({ kind: 'joint', system, options }),
    async close() {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}

function ask<Result>(worker: Worker, task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', hear)
      worker.off('error', fail)
      worker.off('exit', leave)
    }
    const hear = (reply: Reply<Result>) => {
      done()
      if ('result' in reply) resolve(reply.result)
      else reject(new RangeError(`A table could not be protected: ${reply.failed}`))
    }
    const fail = (error: Error) => {
      done()
      reject(error)
    }
    const leave = () => fail(new Error('The protection of tables was interrupted.'))
    worker.on('message', hear)
    worker.on('error', fail)
    worker.on('exit', leave)
    worker.postMessage(task, [])
  })
}

// A thread does not inherit the loader that reads TypeScript, so it is registered there first.
function startThread(): Worker {
  const require = createRequire(import.meta.url)
  const loader = pathToFileURL(require.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')).href
  const thread = new URL('./protection-thread.ts', import.meta.url).href
  return new Worker(`import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(thread)}) })`, {
    eval: true,
  })
}
