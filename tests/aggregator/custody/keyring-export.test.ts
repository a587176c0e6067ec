import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEnvironmentKeyring } from '../../../aggregator/custody/environment-keyring.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { exportKeyring, importKeyring, storedKeys } from '../../../aggregator/custody/keyring-export.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { describeKeyProvider } from './key-provider-contract.ts'

let folder = ''
let keys: KeyProvider
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-export-'))
  keys = await openKeyring(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describeKeyProvider('environment', async () => openEnvironmentKeyring({ TALA_KEYRING: JSON.stringify(storedKeys(keys)) }))

describe('environment keyring', () => {
  it('names every purpose that has no key', () => {
    const some = storedKeys(keys).filter(({ purpose }) => purpose !== 'link' && purpose !== 'audit')
    expect(() => openEnvironmentKeyring({ TALA_KEYRING: JSON.stringify(some) })).toThrow('link, audit')
  })

  it('cannot be changed from here, and says where', async () => {
    const provider = openEnvironmentKeyring({ TALA_KEYRING: JSON.stringify(storedKeys(keys)) })
    await expect(provider.rotate('link')).rejects.toThrow('keyring-read-only')
    await expect(provider.destroy('any')).rejects.toThrow('keyring-read-only')
  })

  it('never repeats what it could not read', () => {
    expect(() => openEnvironmentKeyring({ TALA_KEYRING: '[{"jwk":{"k":"secret' })).not.toThrow('secret')
  })
})

describe('the export of a keyring', () => {
  it('opens with two of three custodians and gives every key back', () => {
    const { file, shares } = exportKeyring(keys, 3, 2)
    expect(importKeyring(file, [shares[2] ?? '', shares[0] ?? ''])).toEqual(storedKeys(keys))
  })

  it('does not open for one custodian, nor for the same share twice', () => {
    const { file, shares } = exportKeyring(keys, 3, 2)
    expect(() => importKeyring(file, [shares[0] ?? ''])).toThrow('shares-insufficient')
    expect(() => importKeyring(file, [shares[0] ?? '', shares[0] ?? ''])).toThrow('shares-insufficient')
  })

  it('finds a mistyped share, and one of another export', () => {
    const { file, shares } = exportKeyring(keys, 2, 2)
    const [first = '', second = ''] = shares
    expect(() => importKeyring(file, [first, second.replace(/.$/, (last) => (last === '0' ? '1' : '0'))])).toThrow('mistyped')
    expect(() => importKeyring(file, [first, exportKeyring(keys, 2, 2).shares[1] ?? ''])).toThrow('made together')
  })

  it('holds no key in clear', () => {
    const secret = storedKeys(keys)[0]?.jwk?.['d'] ?? 'none'
    expect(JSON.stringify(exportKeyring(keys, 3, 2))).not.toContain(secret)
  })
})
