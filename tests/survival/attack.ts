import { randomBytes } from 'node:crypto'
import { recordId, stamped } from '../contracts/test-phone.ts'
import type { Attack } from './schedule.ts'

type Send = (path: string, body: unknown) => Promise<Response>

/** Somebody with a stolen token tries what the protocol offers. Every document has the word `forged` in it: no store may hold it. */
export async function attackWith(how: Attack, send: Send, device: string, known: readonly string[]): Promise<void> {
  const bulk = (docs: readonly unknown[]) => send('/sync/v1/inbox/_bulk_docs', { docs, new_edits: false })
  const own = known.find((id) => id.startsWith(`r:${device}:`)) ?? recordId(device)
  const others = known.find((id) => !id.startsWith(`r:${device}:`)) ?? recordId('someoneelse')
  const hash = randomBytes(16).toString('hex')
  const history = (generation: number) => ({ _rev: `${generation}-${hash}`, _revisions: { start: generation, ids: [hash] } })
  switch (how) {
    case 'design':
      return void (await bulk([{ _id: '_design/shows', ...history(1), forged: { a: 'function(){}' } }]))
    case 'deleted':
      return void (await bulk([{ _id: own, ...history(2), _deleted: true, forged: 1 }]))
    case 'forged-revision':
      return void (await bulk([{ _id: own, ...history(9), forged: 1 }]))
    case 'other-device':
      return void (await bulk([{ _id: others, ...history(1), forged: 1 }]))
    case 'prototype':
      return void (await send(
        '/sync/v1/inbox/_bulk_docs',
        `{"new_edits":false,"docs":[{"_id":"${recordId(device)}","_rev":"1-${hash}","__proto__":{"forged":1}}]}`,
      ))
    case 'overwrite': {
      // Well formed, with a hash that fits: only that the id is taken stands against it. Ids nobody stored yet cannot be guessed.
      if (!known.includes(own)) return
      const part = { key: 'forged', sealed: 'forged' }
      const content = {
        schema: 'sealed/1',
        kind: 'interview',
        round: '2026-11',
        area: '11',
        finished: '2026-11-21',
        answers: part,
      } as const
      return void (await bulk([
        stamped({ _id: own, ...content, questionnaire: { id: 'household', version: '1', sha256: 'a'.repeat(64) } }),
      ]))
    }
    case 'bomb':
      return void (await bulk(Array.from({ length: 1001 }, () => ({ forged: 1 }))))
    case 'other-checkpoint':
      return void (await send('/sync/v1/inbox/_revs_diff', { [others]: [`1-${hash}`] }))
    default:
      return how satisfies never
  }
}
