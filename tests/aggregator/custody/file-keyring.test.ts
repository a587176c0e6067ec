import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { describeKeyProvider } from './key-provider-contract.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tala-keyring-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describeKeyProvider('file keyring', () => openKeyring(join(folder, 'keyring')))

describe('file keyring', () => {
  it('gives the same keys after a restart', async () => {
    const first = await openKeyring(folder)
    const second = await openKeyring(folder)
    expect(second.all().map(({ kid }) => kid)).toEqual(first.all().map(({ kid }) => kid))
    expect(second.current('link').key.equals(first.current('link').key)).toBe(true)
  })

  it('keeps every key readable by the owner alone', async () => {
    await openKeyring(folder)
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  })

  it('does not start with a key file that others can read', async () => {
    await openKeyring(folder)
    chmodSync(join(folder, readdirSync(folder)[0] ?? ''), 0o644)
    await expect(openKeyring(folder)).rejects.toThrow('keyring-exposed')
  })

  it('uses a new key after rotation and still opens what the old one sealed', async () => {
    const keys = await openKeyring(folder)
    const old = keys.current('seal-answers')
    const made = await keys.rotate('seal-answers')
    expect(made.kid).not.toBe(old.kid)
    expect(keys.current('seal-answers').kid).toBe(made.kid)
    expect(keys.get(old.kid)).toMatchObject({ state: 'retired' })
    const reopened = await openKeyring(folder)
    expect(reopened.current('seal-answers').kid).toBe(made.kid)
    expect(reopened.get(old.kid)).toMatchObject({ state: 'retired' })
  })

  it('takes the newest key when a crash in mid-rotation left two', async () => {
    const keys = await openKeyring(folder)
    const old = keys.current('link')
    const before = readFileSync(join(folder, `link.${old.kid}.key.json`))
    const made = await keys.rotate('link')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(folder, `link.${old.kid}.key.json`), before, { mode: 0o600 })
    expect((await openKeyring(folder)).current('link').kid).toBe(made.kid)
  })

  it('leaves nothing of a destroyed key, neither in memory nor on the disk, and does not replace it by itself', async () => {
    const keys = await openKeyring(folder)
    const { kid, key } = keys.current('seal-identity')
    const secret = key.export({ format: 'jwk' }).d ?? 'none'
    await keys.destroy(kid)
    expect(keys.get(kid)).toBeUndefined()
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(files.join()).not.toContain(secret)
    const reopened = await openKeyring(folder)
    expect(reopened.get(kid)).toBeUndefined()
    expect(() => reopened.current('seal-identity')).toThrow('key-missing')
  })
})
