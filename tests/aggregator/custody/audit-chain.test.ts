import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuditChain, verifyAudit } from '../../../aggregator/custody/audit-chain.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'

let folder = ''
let path = ''
let keys: KeyProvider
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-audit-'))
  path = join(folder, 'audit.jsonl')
  keys = await openKeyring(join(folder, 'keyring'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const event = (subject: string) => ({ actor: 'custodian', action: 'release.approved', subject })

async function chainOf(count: number) {
  const chain = await openAuditChain(path, keys)
  for (let each = 0; each < count; each++) await chain.append(event(`release-${each}`))
  return chain
}

describe('the audit chain', () => {
  it('goes on after a restart where it was', async () => {
    await (await chainOf(2)).close()
    const chain = await openAuditChain(path, keys)
    expect((await chain.append(event('third'))).seq).toBe(3)
    await chain.close()
    expect(await verifyAudit(path, [], keys)).toEqual({ kind: 'whole', entries: 3 })
  })

  it('keeps the order of entries that are written at once', async () => {
    const chain = await openAuditChain(path, keys)
    await Promise.all(Array.from({ length: 20 }, (_, each) => chain.append(event(`${each}`))))
    await chain.close()
    expect(await verifyAudit(path, [], keys)).toEqual({ kind: 'whole', entries: 20 })
  })

  it.each([
    [
      'an entry was changed',
      (lines: string[]) => lines.map((line, at) => (at === 1 ? line.replace('release-1', 'release-9') : line)),
      'was changed',
    ],
    ['an entry was taken out', (lines: string[]) => lines.filter((_, at) => at !== 1), 'missing'],
    ['two entries changed places', (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)], 'out of order'],
  ])('does not verify when %s', async (_, change, says) => {
    await (await chainOf(4)).close()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    writeFileSync(path, `${change(lines).join('\n')}\n`)
    expect(await verifyAudit(path, [], keys)).toMatchObject({ kind: 'broken', problem: expect.stringContaining(says) as string })
    await expect(openAuditChain(path, keys)).rejects.toThrow('audit-broken')
  })

  it('shows by a printed head that the end was cut off', async () => {
    const chain = await chainOf(3)
    const head = chain.head()
    await chain.close()
    expect(await verifyAudit(path, [head], keys)).toEqual({ kind: 'whole', entries: 3 })
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`)
    expect(await verifyAudit(path, [], keys)).toEqual({ kind: 'whole', entries: 2 })
    expect(await verifyAudit(path, [head], keys)).toMatchObject({ kind: 'broken' })
  })

  it('does not believe a head that is not signed by this deployment', async () => {
    const chain = await chainOf(1)
    const head = { ...chain.head(), signature: Buffer.alloc(64).toString('base64url') }
    await chain.close()
    expect(await verifyAudit(path, [head], keys)).toMatchObject({ kind: 'broken' })
  })

  it('drops a line that a crash cut off: it was never acknowledged', async () => {
    await (await chainOf(2)).close()
    appendFileSync(path, '{"schema":"audit/1","seq":3')
    const chain = await openAuditChain(path, keys)
    await chain.append(event('after'))
    await chain.close()
    expect(await verifyAudit(path, [], keys)).toEqual({ kind: 'whole', entries: 3 })
  })
})
