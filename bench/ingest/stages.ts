// Where the time of one household goes on one thread: each stage on top of those before it, over the same records.
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { createMarks } from '../../aggregator/custody/marks.ts'
import { openSealedBytes, SessionCache } from '../../aggregator/custody/open-sealed.ts'
import { roundPseudonyms } from '../../aggregator/custody/pseudonyms.ts'
import type { StoredDocument } from '../../aggregator/inbox/store.ts'
import { judge } from '../../aggregator/ingest/judge.ts'
import { prepareHeap } from '../../aggregator/ingest/prepare-heap.ts'
import type { Workbench } from '../../aggregator/ingest/prepare-record.ts'
import { createLibrary } from '../../aggregator/ingest/questionnaire-library.ts'
import { createRecordReader } from '../../aggregator/ingest/read-record.ts'
import { TableBuffer } from '../../aggregator/warehouse/table-buffer.ts'
import { boundTo } from '../../schemas/sealing/cover.ts'
import { tablesOf } from '../../schemas/xlsform/tables.ts'
import { cpuMs, questionnaire, round } from './made-up.ts'

const rounds = 15

/** Microseconds of processor per household and stage, in the order of the work; `whole` is what ingest takes in all, the rest of it is the last stage. */
export function stages(documents: readonly StoredDocument[], keys: KeyProvider, whole: number): Readonly<Record<string, number>> {
  const library = createLibrary()
  library.addEdition(questionnaire, tablesOf(questionnaire))
  library.addRound(round)
  const edition = library.edition(questionnaire)
  const rules = edition.compiled?.rules
  if (!rules) throw new TypeError('The questionnaire of the bench has no compiled rules.')
  const masters = {
    household: keys.current('pseudonym-household').key,
    person: keys.current('pseudonym-person').key,
    link: keys.current('link').key,
  }
  const pseudonyms = roundPseudonyms(masters, round.id)
  const bench: Workbench = {
    reader: createRecordReader(),
    opener: { keys, sessions: new SessionCache(), dictionary: (name) => library.dictionary(name) },
    marks: createMarks(keys),
    edition: () => edition,
    round: () => round,
    pseudonyms: () => pseudonyms,
  }
  const { reader, opener } = bench
  const lists = edition.lists(round)
  const jobs = documents.map((document) => ({ id: document._id, rev: document._rev, document, root: document._id, refused: false }))
  const envelope = (document: StoredDocument) => reader.envelope(document)
  const halves = (document: StoredDocument) => {
    const record = envelope(document)
    for (const half of ['identity', 'answers'] as const)
      openSealedBytes(record[half] ?? record.answers, { recordId: record._id, half, bound: boundTo(half, record) }, opener)
  }
  const opened = (document: StoredDocument) =>
    reader.open(envelope(document), opener, { answers: (json, at) => rules.read(json, at, lists), identity: edition.readIdentity })
  const judged = (document: StoredDocument) => judge(opened(document), edition, round)
  const meta = { household_key: '0'.repeat(32), round: round.id, area: '1001', questionnaire_version: '1.0.0', finished: '2026-11-02' }
  const written = (document: StoredDocument, buffers: Map<string, TableBuffer>) =>
    judged(document).write(
      { ...meta, record_id: document._id, person: () => meta.household_key },
      {
        of({ name, columns }) {
          const buffer =
            buffers.get(name) ??
            new TableBuffer(
              columns.map(({ type }) => type),
              2048,
            )
          buffers.set(name, buffer)
          return buffer
        },
      },
    )
  const perHousehold = (work: () => void): number => {
    for (let warm = 0; warm < 3; warm++) work()
    const cpu = cpuMs()
    for (let each = 0; each < rounds; each++) work()
    return ((cpuMs() - cpu) / (rounds * documents.length)) * 1000
  }
  const each = (work: (document: StoredDocument) => unknown) =>
    perHousehold(() => {
      for (const document of documents) work(document)
    })
  const upTo = {
    'shape and hash of the record': each(envelope),
    'opening and inflating both halves': each(halves),
    'reading answers, cover and identity': each(opened),
    'rules, calculations, consent': each(judged),
    'writing columns': perHousehold(() => {
      const buffers = new Map<string, TableBuffer>()
      for (const document of documents) written(document, buffers)
      for (const buffer of buffers.values()) buffer.finish()
    }),
    'pseudonyms, links, verdict': perHousehold(() => prepareHeap(bench, jobs)),
    'lineage, ledger, receipts, commit': whole,
  }
  let before = 0
  return Object.fromEntries(
    Object.entries(upTo).map(([name, total]) => {
      const own = total - before
      before = total
      return [name, own]
    }),
  )
}
