import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEnvironmentKeyring } from '../../../aggregator/custody/environment-keyring.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { storedKeys } from '../../../aggregator/custody/keyring-export.ts'
import { ensureFirstRound, openRound } from '../../../aggregator/fieldwork/rounds.ts'
import { sealKeysOf } from '../../../aggregator/fieldwork/seal-keys.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import type { DocumentStore } from '../../../aggregator/inbox/document-store.ts'
import type { Round } from '../../../schemas/generated/records.ts'
import { memoryPouch } from '../../contracts/memory-pouch.ts'
import { smallQuestionnaire } from '../../contracts/test-server.ts'

let folder: string
let keys: KeyProvider
let office: DocumentStore
let first: Round
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-seal-'))
  keys = await openKeyring(folder)
  office = pouchStore(memoryPouch())
  const areas = [{ code: '1', name: 'One', level: 'barangay' as const }]
  first = await ensureFirstRound(office, pouchStore(memoryPouch()), { questionnaire: smallQuestionnaire(), areas, today: new Date() })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const kids = async (round: string, from = keys) => (await sealKeysOf({ office, keys: from }, round)).map(({ kid }) => kid)
const openNext = (id = 'next') => openRound(office, { ...first, id })

describe('the sealing keys of a round', () => {
  it('are those of the keyring in the first round', async () => {
    expect(await kids(first.id)).toEqual([keys.current('seal-answers').kid, keys.current('seal-identity').kid])
  })

  it('are new ones in the next round, while phones of the first go on with theirs', async () => {
    const [before, told] = [await kids(first.id), [] as string[]]
    await openNext()
    const onRotated = async ({ purpose }: { readonly purpose: string }) => void told.push(purpose)
    const after = (await sealKeysOf({ office, keys, onRotated }, 'next')).map(({ kid }) => kid)
    expect(before.filter((kid) => after.includes(kid))).toEqual([])
    expect(told).toEqual(['seal-answers', 'seal-identity'])
    expect(await kids(first.id)).toEqual(before)
    expect(await kids('next')).toEqual(after)
    expect(keys.get(before[0] ?? '')?.state).toBe('retired')
  })

  it('are apart also when no phone of the first round has asked before the next was opened', async () => {
    await openNext()
    const after = await kids('next')
    expect((await kids(first.id)).filter((kid) => after.includes(kid))).toEqual([])
  })

  it('are asked for by many phones at once and yet are two', async () => {
    await kids(first.id)
    await openNext()
    const answers = await Promise.all(Array.from({ length: 20 }, () => kids('next')))
    expect(new Set(answers.map(String)).size).toBe(1)
    expect(keys.all().filter(({ purpose }) => purpose === 'seal-answers')).toHaveLength(2)
  })

  it('change for the round that is open when somebody rotates one by hand', async () => {
    const [answers, identity] = await kids(first.id)
    const made = await keys.rotate('seal-answers')
    expect(await kids(first.id)).toEqual([made.kid, identity])
    expect(answers).not.toBe(made.kid)
  })

  it('fall back to the current ones where the round was closed, so that no phone is stuck with its records', async () => {
    const old = await kids(first.id)
    await openNext()
    const after = await kids('next')
    for (const kid of old) await keys.destroy(kid)
    expect(await kids(first.id)).toEqual(after)
  })

  it('are shared where the keys come from the environment and cannot be made here', async () => {
    const fixed = openEnvironmentKeyring({ TALA_KEYRING: JSON.stringify(storedKeys(keys)) })
    const before = await kids(first.id, fixed)
    await openNext()
    expect(await kids('next', fixed)).toEqual(before)
  })
})
