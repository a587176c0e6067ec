import { hash } from 'node:crypto'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { SealedPart, SealedRecord } from '../../schemas/generated/records.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import sealedSchema from '../../schemas/records/sealed.schema.json' with { type: 'json' }
import { boundTo, identityWithId } from '../../schemas/sealing/cover.ts'
import { type Opener, openSealedBytes } from '../custody/open-sealed.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import identitySchema from './identity.schema.json' with { type: 'json' }
import interviewSchema from './interview.schema.json' with { type: 'json' }
import { type Identifiers, identifiersOf, type ReadIdentity } from './rules/read-identity.ts'

/** The part of an interview that was sealed; an older phone also sealed what stands on the cover. */
type Inside = Omit<Interview, OnCover> & Partial<Pick<Interview, OnCover>>
type OnCover = (typeof onCover)[number]
const onCover = ['schema', 'id', 'kind', 'round', 'area', 'questionnaire', 'device', 'replaces'] as const

/** A record opened in memory: the only place where the two halves of an interview meet. */
export interface OpenedRecord {
  /** What was sealed beside the answers; the rest stands on the cover. */
  readonly interview: Omit<Inside, 'answers'>
  /** The answers as objects; valid until the next record is opened. */
  readonly answers: () => Answers
  /** Whether the answers were read into the rules already. */
  readonly isRead: boolean
  readonly identity: Identifiers | null
}

/** Reads the answers that begin at `at`; -1 when it cannot. See rules/read-answers.ts. */
export type ReadAnswers = (json: Buffer, at: number) => number

/** How a questionnaire reads its records without a parser. Whatever they do not read, a parser does. */
export interface Reading {
  readonly answers: ReadAnswers
  readonly identity: ReadIdentity
}

/** Turns documents of the inbox into records, and records into interviews; what is not of the agreed form never passes. */
export interface RecordReader {
  /** @throws ProblemError `record-malformed` or `record-changed`. */
  envelope(document: StoredDocument): SealedRecord
  /** @throws ProblemError `seal-*` or `record-malformed`. */
  open(record: SealedRecord, opener: Opener, reading?: Reading): OpenedRecord
}

export function createRecordReader(): RecordReader {
  const ajv = new Ajv2020({ strict: true, allErrors: false })
  const isSealed: ValidateFunction<SealedRecord> = ajv.compile(sealedSchema)
  const required = interviewSchema.required.filter((name) => !onCover.some((each) => each === name))
  const isInside: ValidateFunction<Inside> = ajv.compile({ ...interviewSchema, required })
  const isIdentity: ValidateFunction<Identity> = ajv.compile(identitySchema)
  const openIdentity = (record: SealedRecord, part: SealedPart, opener: Opener, read: ReadIdentity): Identifiers => {
    const json = openSealedBytes(part, { recordId: record._id, half: 'identity', bound: boundTo('identity', record) }, opener)
    const identifiers = read(json)
    if (identifiers !== null) return identifiers
    const identity: unknown = identityWithId(parse(json.toString('utf8')), record._id)
    if (!isIdentity(identity) || identity.id !== record._id) throw malformed(isIdentity, 'identity')
    return identifiersOf(identity)
  }
  return {
    envelope(document) {
      const record: unknown = document
      if (!isSealed(record)) throw malformed(isSealed, 'sealed record')
      if (hash('sha256', contentOf(record), 'hex') !== record.sha256)
        throw new ProblemError('record-changed', 'The record does not have the hash it was stamped with; the phone sends it again.')
      return record
    },
    open(record, opener, reading = cannotRead) {
      const identity = record.identity ? openIdentity(record, record.identity, opener, reading.identity) : null
      const json = openSealedBytes(record.answers, { recordId: record._id, half: 'answers', bound: boundTo('answers', record) }, opener)
      const from = json.indexOf(answersKey) + answersKey.length
      const to = from < answersKey.length ? -1 : reading.answers(json, from)
      // A second key of that name would be the one that counts.
      const isRead = to >= 0 && !json.includes(answersName, to)
      const text = isRead ? `${json.toString('utf8', 0, from)}{}${json.toString('utf8', to)}` : json.toString('utf8')
      const interview: unknown = parse(text)
      if (!isInside(interview)) throw malformed(isInside, 'interview')
      refuseOtherCover(record, interview)
      return {
        interview,
        answers: () => (isRead ? (parse(json.toString('utf8', from, to)) as Answers) : interview.answers),
        isRead,
        identity,
      }
    },
  }
}

const answersKey = '"answers":'
const answersName = '"answers"'
const cannotRead: Reading = { answers: () => -1, identity: () => null }

/** As `sealedContent`, for a record whose shape was checked: its keys, sorted, without looking for them. */
export function contentOf({ _id, answers, area, finished, identity, kind, questionnaire, replaces, round, schema }: SealedRecord): string {
  const { id, sha256, version } = questionnaire
  return JSON.stringify({
    _id,
    answers: { key: answers.key, sealed: answers.sealed },
    area,
    finished,
    ...(identity && { identity: { key: identity.key, sealed: identity.sealed } }),
    kind,
    questionnaire: { id, sha256, version },
    replaces,
    round,
    schema,
  })
}

/** What stands on the cover must stand inside, if anything: a carrier cannot file an interview under another area, round or form. */
function refuseOtherCover(record: SealedRecord, inside: Inside): void {
  const { questionnaire: outside } = record
  const { id, kind, replaces, round, area, device, questionnaire, finished } = inside
  const isSame =
    (id === undefined || id === record._id) &&
    (kind === undefined || kind === record.kind) &&
    (replaces === undefined || replaces === (record.replaces ?? '')) &&
    (round === undefined || round === record.round) &&
    (area === undefined || area === record.area) &&
    finished.startsWith(record.finished) &&
    (device === undefined || device === deviceOf(record._id)) &&
    (questionnaire === undefined ||
      (questionnaire.id === outside.id && questionnaire.version === outside.version && questionnaire.sha256 === outside.sha256))
  if (!isSame) throw new ProblemError('record-malformed', 'What is written on the record is not what is inside it.')
}

/** The device that made a record, from the record's id. */
export function deviceOf(id: string): string {
  const from = id.indexOf(':') + 1
  if (from === 0) return ''
  const to = id.indexOf(':', from)
  return id.slice(from, to < 0 ? undefined : to)
}

function parse(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch {
    // A parser quotes what it read; that must not reach a log.
  }
  throw new ProblemError('record-malformed', 'The sealed part is not a JSON object.')
}

/** Names the member and the rule, never what was there. */
function malformed({ errors }: ValidateFunction, what: string): ProblemError {
  const [first] = errors ?? []
  return new ProblemError(
    'record-malformed',
    `The ${what} is not of the agreed form: ${first?.instancePath ?? ''} ${first?.keyword ?? 'id'}.`,
  )
}
