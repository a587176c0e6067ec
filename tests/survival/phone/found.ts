import type { SealedPart, SealedRecord } from '../../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../../schemas/interview/interview.ts'
import { boundTo } from '../../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../../schemas/sealing/dictionary.ts'
import type { SealedHalf } from '../../../schemas/sealing/headers.ts'
import { openSealed, SessionCache } from '../../../aggregator/custody/open-sealed.ts'
import { type FieldServer, hashed } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import type { BrowserPhone } from './browser-phone.ts'

/**
 * Every answer that is still there: in open drafts on the phone, or in records that the server holds.
 * @param name what members are called, followed by their row.
 */
export async function everythingFound(phone: BrowserPhone, server: FieldServer, name: string) {
  let state = await phone.call('sync')
  // Only what the server holds counts, so it gets what a busy machine needs.
  for (let tries = 0; tries < 10 && state.onThisPhone > 0; tries++) state = await phone.call('sync')
  const rows = new Set<string>()
  for (const { id, state } of await phone.call('records')) {
    if (state !== 'draft') continue
    const { answers } = await phone.call('openDraft', id)
    for (const { _id } of (answers['person'] ?? []) as readonly { _id: string }[]) rows.add(`${id} ${_id}`)
  }
  const times = new Map<string, number>()
  for (const record of await server.records()) {
    times.set(record._id, (times.get(record._id) ?? 0) + 1)
    for (const row of rowsOf(record, server, name)) rows.add(`${record._id} ${row}`)
  }
  return { rows, times, unsent: state.onThisPhone, trouble: state.trouble }
}

/** Row ids of a record whose answers and identity both open. */
function rowsOf(record: SealedRecord, { keys }: FieldServer, name: string): readonly string[] {
  const opener = { keys, sessions: new SessionCache(), dictionary: () => dictionaryFor(hashed(smallQuestionnaire)) }
  const open = (half: SealedHalf, part: SealedPart) =>
    JSON.parse(openSealed(part, { recordId: record._id, half, bound: boundTo(half, record) }, opener)) as unknown
  const interview = open('answers', record.answers) as Interview
  const people = (interview.answers['person'] ?? []) as readonly { _id: string }[]
  if (!record.identity) return []
  const identity = open('identity', record.identity) as Identity
  return people.map(({ _id }) => _id).filter((row) => identity.rows['person']?.[row]?.['name'] === `${name} ${row}`)
}
