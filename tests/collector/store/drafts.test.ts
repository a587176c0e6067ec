import { beforeEach, describe, expect, it } from 'vitest'
import type { Draft } from '../../../collector/phone.ts'
import { type Drafts, openDrafts } from '../../../collector/store/drafts.ts'
import { encryptedShelf } from '../../../collector/store/encrypted.ts'
import { type Keep, openMemoryKeep } from '../../../collector/store/keep.ts'
import type { Locked } from '../../../collector/vault/secrets.ts'
import { draftOf } from '../screens/family.ts'

const id = 'r:phone:1'
const answers = { A02: '04-12', person: [{ _id: 'p1', B01: 'Amina' }] }
const household = { id: 'household', version: '1.0.0', sha256: '' }
const start: Draft = { ...draftOf(household, answers, { screen: 'question', at: { name: 'A02' } }), id }
const withRooms = (rooms: number): Draft => ({ ...start, answers: { ...start.answers, rooms } })

let keep: Keep
let key: CryptoKey
let drafts: Drafts
const reopened = async () => (await openDrafts(keep, key)).get(id)

/** The draft with rooms 1 to `rooms`, each saved. */
async function saved(rooms: number): Promise<void> {
  await drafts.save(start)
  for (let each = 1; each <= rooms; each++) await drafts.save(withRooms(each))
}
const journal = () => keep.all<Locked>('journal')

beforeEach(async () => {
  keep = openMemoryKeep()
  key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  drafts = await openDrafts(keep, key)
})

describe('an open interview on the phone', () => {
  it('is written whole once, and then one small entry for each save', async () => {
    await saved(3)
    const [checkpoint, entries] = [await keep.all<Locked>('drafts'), await journal()]
    expect([checkpoint.length, entries.length]).toEqual([1, 3])
    expect(await encryptedShelf<Draft>(keep, key, 'drafts').get(id)).toEqual(start)
    expect(await reopened()).toEqual(withRooms(3))
  })

  it('writes an entry of the same size in a household of 200', async () => {
    const person = Array.from({ length: 200 }, (_, row) => ({
      _id: `p${row}`,
      ...Object.fromEntries(Array.from({ length: 60 }, (_, q) => [`Q${q}`, 1])),
    }))
    const large: Draft = { ...start, answers: { person } }
    await drafts.save(large)
    await drafts.save({ ...large, answers: { person: person.map((each) => (each._id === 'p150' ? { ...each, Q7: 2 } : each)) } })
    const [[, { bytes }]] = (await journal()) as [[string, Locked]]
    expect(bytes.length).toBe(1024 + 16)
  })

  it('opens as it was saved by a version of the app that knew no journal', async () => {
    await keep.write([await encryptedShelf<Draft>(keep, key, 'drafts').put(id, withRooms(4))])
    expect(await reopened()).toEqual(withRooms(4))
  })

  it('gives its journal up with the checkpoint that holds the same', async () => {
    await saved(3)
    await drafts.checkpoint(id)
    expect([await journal(), await reopened()]).toEqual([[], withRooms(3)])
    await drafts.save(withRooms(9))
    expect(await reopened()).toEqual(withRooms(9))
  })

  it('wants a checkpoint after many entries, and sooner where no question is open', async () => {
    await saved(25)
    expect(drafts.isDue(id)).toBe(false)
    await drafts.save({ ...withRooms(26), place: { screen: 'summary' } })
    expect(drafts.isDue(id)).toBe(true)
    await drafts.checkpoint(id)
    expect(drafts.isDue(id)).toBe(false)
  })

  it('leaves nothing behind when it is finished, even when it was forgotten before', async () => {
    await saved(3)
    drafts.forget(id)
    await keep.write(await drafts.remove(id))
    expect([await keep.ids('drafts'), await keep.ids('journal')]).toEqual([[], []])
  })

  it('counts nothing as saved that could not be written', async () => {
    await saved(1)
    let isFull = true
    const full: Keep = { ...keep, write: async (writes) => (isFull ? Promise.reject(new Error('no room')) : keep.write(writes)) }
    drafts = await openDrafts(full, key)
    await expect(drafts.save(withRooms(2))).rejects.toThrow('no room')
    await expect(drafts.checkpoint(id)).rejects.toThrow('no room')
    expect(drafts.get(id)).toEqual(withRooms(1))
    isFull = false
    await drafts.save(withRooms(3))
    expect(await reopened()).toEqual(withRooms(3))
  })
})

describe('a journal that is not what was written', () => {
  const torn = (rooms: number) => ({ ...withRooms(rooms), torn: true })
  const entryAt = async (index: number) => (await journal())[index] ?? ['', undefined as unknown as Locked]

  it.each([
    ['an entry is missing', async () => keep.write([['journal', (await entryAt(2))[0]]])],
    [
      'two entries changed places',
      async () => {
        const [[third, a], [fourth, b]] = [await entryAt(2), await entryAt(3)]
        await keep.write([
          ['journal', third, b],
          ['journal', fourth, a],
        ])
      },
    ],
    [
      'an entry is damaged',
      async () => {
        const [third, { iv, bytes }] = await entryAt(2)
        await keep.write([['journal', third, { iv, bytes: bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) }]])
      },
    ],
  ])('is read up to there, and the draft says so, when %s', async (_, harm) => {
    await saved(5)
    await harm()
    expect(await reopened()).toEqual(torn(2))
  })

  it('does not take an entry of another interview, or of before the checkpoint', async () => {
    await saved(1)
    await drafts.save({ ...start, id: 'r:phone:2' })
    await drafts.save({ ...withRooms(7), id: 'r:phone:2' })
    const [own, others] = [await entryAt(0), await entryAt(1)]
    await keep.write([['journal', own[0], others[1]]])
    expect(await reopened()).toEqual({ ...start, torn: true })

    drafts = await openDrafts(keep, key)
    await drafts.checkpoint(id)
    await keep.write([['journal', own[0], own[1]]])
    expect(await reopened()).toEqual({ ...start, torn: true })
  })

  it('is replaced by the next save, which is whole, and what was lost stays told', async () => {
    await saved(5)
    await keep.write([['journal', (await entryAt(2))[0]]])
    drafts = await openDrafts(keep, key)
    expect(drafts.isDue(id)).toBe(true)
    await drafts.save({ ...torn(2), edits: 1 })
    expect([await journal(), await reopened()]).toEqual([[], { ...torn(2), edits: 1 }])
  })
})
