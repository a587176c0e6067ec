import { describe, expect, it } from 'vitest'
import { waitSeconds } from '../../../collector/vault/attempts.ts'
import type { DerivePinKey } from '../../../collector/vault/pin-key.ts'
import { derivePinKey } from '../../support/pin-key.ts'
import { lockAway, unlockValue } from '../../../collector/vault/secrets.ts'
import { createVault, type VaultRecord } from '../../../collector/vault/vault.ts'

/** The same argon2id at a cost that a test can pay often. */
const cheaply: DerivePinKey = (pin, salt) => derivePinKey(pin, salt, { memoryKiB: 64, iterations: 1 })

function phone(derive: DerivePinKey = cheaply) {
  let record: VaultRecord | undefined
  let time = Date.parse('2026-03-01T08:00:00Z')
  const shelf = { read: async () => record, write: async (next: VaultRecord) => void (record = next) }
  const vault = () => createVault({ shelf, derive, now: () => time })
  return { vault, record: () => record, later: (seconds: number) => (time += seconds * 1000) }
}

describe('the vault', () => {
  it('opens with its PIN and gives the same key', async () => {
    const { vault } = phone()
    const locked = await lockAway(await vault().create('482915'), 'drafts/a', { name: 'Amihan' })
    const opening = await vault().open('482915')
    if (opening.kind !== 'open') throw new Error('closed')
    expect(await unlockValue(opening.key, 'drafts/a', locked)).toEqual({ name: 'Amihan' })
    expect(opening.key.extractable).toBe(false)
  })

  it('keeps what it locked, and its key, through a change of the PIN', async () => {
    const { vault } = phone()
    const locked = await lockAway(await vault().create('482915'), 'drafts/a', 1)
    await vault().changePin('482915', 'a longer one')
    const opening = await vault().open('a longer one')
    if (opening.kind !== 'open') throw new Error('closed')
    expect(await unlockValue(opening.key, 'drafts/a', locked)).toBe(1)
    expect((await vault().open('482915')).kind).toBe('wrong')
  })

  it('counts a try before it is made: switching off in the middle wins nothing', async () => {
    const dying: DerivePinKey = () => new Promise(() => {})
    let derive = cheaply
    const { vault, record } = phone((...input) => derive(...input))
    await vault().create('482915')
    derive = dying
    void vault().open('111111')
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(record()?.attempts.failed).toBe(1)
  })

  it('does not count a try that failed for want of memory', async () => {
    let derive = cheaply
    const { vault, record } = phone((...input) => derive(...input))
    await vault().create('482915')
    derive = () => Promise.reject(new RangeError('out of memory'))
    await expect(vault().open('482915')).rejects.toThrow('out of memory')
    expect(record()?.attempts.failed).toBe(0)
  })

  it('waits after the fourth wrong PIN, and longer after each further one', async () => {
    const { vault, later } = phone()
    await vault().create('482915')
    const waits: number[] = []
    for (let each = 0; each < 10; each++) {
      const opening = await vault().open('000000')
      const seconds = opening.kind === 'wrong' ? opening.waitSeconds : -1
      waits.push(seconds)
      later(seconds)
    }
    expect(waits).toEqual([0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600])
    expect((await vault().open('482915')).kind).toBe('open')
    expect((await vault().open('000000')).kind).toBe('wrong')
  })

  it('does not even try a PIN while it waits', async () => {
    const { vault } = phone()
    await vault().create('482915')
    for (let each = 0; each < 4; each++) await vault().open('000000')
    expect(await vault().open('482915')).toEqual({ kind: 'wait', waitSeconds: 30 })
  })

  it('starts the wait again when the clock is set back', () => {
    const last = Date.parse('2026-03-01T08:00:00Z')
    expect(waitSeconds({ failed: 5, last }, last - 86_400_000)).toBe(60)
  })

  it('takes the smaller cost on a phone that has no 64 MiB', async () => {
    const { vault, record } = phone((pin, salt, cost) =>
      cost.memoryKiB > 20_000 ? Promise.reject(new RangeError('memory')) : cheaply(pin, salt, cost),
    )
    await vault().create('482915')
    expect(record()?.cost).toEqual({ memoryKiB: 19 * 1024, iterations: 2 })
    expect((await vault().open('482915')).kind).toBe('open')
  })
})

describe('a locked value', () => {
  it('opens only where it was put', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const locked = await lockAway(key, 'drafts/a', 1)
    await expect(unlockValue(key, 'drafts/b', locked)).rejects.toThrow()
  })

  it('has the same length for a small household and a larger one', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const lengths = await Promise.all([10, 500].map(async (size) => (await lockAway(key, 'x', 'x'.repeat(size))).bytes.length))
    expect(new Set(lengths).size).toBe(1)
  })
})

describe('a vault with a forgotten PIN', () => {
  const recoveryKey = async (kid: string) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    const [open, own] = [await crypto.subtle.exportKey('jwk', pair.publicKey), await crypto.subtle.exportKey('jwk', pair.privateKey)]
    return { kid, jwk: { ...open } as Record<string, unknown>, own }
  }

  it('opens with the private half of its recovery key and with no other, and then with the next one only', async () => {
    const vault = phone().vault()
    const [first, next, other] = [await recoveryKey('first'), await recoveryKey('next'), await recoveryKey('other')]
    const locked = await lockAway(await vault.create('482915', first), 'here', 'answer')
    expect(await vault.recoveryKid()).toBe('first')
    await expect(vault.recover(other.own, '111222', next)).rejects.toThrow()
    expect((await vault.open('482915')).kind).toBe('open')
    expect(await unlockValue(await vault.recover(first.own, '111222', next), 'here', locked)).toBe('answer')
    expect((await vault.open('482915')).kind).toBe('wrong')
    await expect(vault.recover(first.own, '333444', next)).rejects.toThrow()
    expect(await unlockValue(await vault.recover(next.own, '333444', undefined), 'here', locked)).toBe('answer')
    expect(await vault.recoveryKid()).toBeNull()
  })

  it('keeps no readable data key, PIN or recovery key on the shelf', async () => {
    const { vault, record } = phone()
    await vault().create('482915', await recoveryKey('first'))
    const { recovery } = record() ?? {}
    expect(recovery?.locked.bytes.length).toBeGreaterThan(100)
    expect(Buffer.from(recovery?.locked.bytes ?? []).toString('latin1')).not.toContain('ECDH-ES')
  })
})
