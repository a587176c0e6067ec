import type { Keep } from '../../../../collector/store/keep.ts'

/** Everything in which a keep breaks its contract, as sentences; none for a good one. Runs in the browser and in Node alike. */
export async function keepBreaches(keep: Keep): Promise<readonly string[]> {
  const breaches: string[] = []
  const expect = (rule: string, holds: boolean) => {
    if (!holds) breaches.push(rule)
  }
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

  expect('an unknown id has no value', (await keep.get('drafts', 'none')) === undefined)
  await keep.write([
    ['drafts', 'b', { value: 2 }],
    ['drafts', 'a', { value: 1 }],
    ['records', 'a', 'another shelf'],
  ])
  expect(
    'a shelf is read in the order of its ids',
    same(await keep.all('drafts'), [
      ['a', { value: 1 }],
      ['b', { value: 2 }],
    ]),
  )
  expect('the ids of a shelf come in their order', same(await keep.ids('drafts'), ['a', 'b']))
  expect('shelves are apart', (await keep.get('records', 'a')) === 'another shelf')

  const mine = { value: 3 }
  await keep.write([['drafts', 'c', mine]])
  mine.value = 4
  expect('what is kept does not change with the object it came from', same(await keep.get('drafts', 'c'), { value: 3 }))

  await keep.write([
    ['drafts', 'a'],
    ['drafts', 'b', { value: 5 }],
    ['drafts', 'never-there'],
  ])
  expect(
    'a write removes and replaces together',
    same(await keep.all('drafts'), [
      ['b', { value: 5 }],
      ['c', { value: 3 }],
    ]),
  )

  const failed = await keep
    .write([
      ['drafts', 'd', 1],
      ['drafts', 'e', () => 1],
    ])
    .then(
      () => false,
      () => true,
    )
  expect('a value that cannot be kept is refused', failed)
  expect('and then nothing of the write is kept', (await keep.get('drafts', 'd')) === undefined)

  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  await keep.write([['keys', 'k', key]])
  expect('a key that cannot be read out can be kept', (await keep.get<CryptoKey>('keys', 'k'))?.extractable === false)
  expect('space can be set aside', await keep.holdReserve())
  return breaches
}
