import { createHash } from 'node:crypto'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedPart, SealedRecord } from '../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import sealedSchema from '../../schemas/records/sealed.schema.json' with { type: 'json' }
import { boundTo, identityWithId, withCover } from '../../schemas/sealing/cover.ts'
import type { SealedHalf } from '../../schemas/sealing/headers.ts'
import { type Opener, openSealed } from '../custody/open-sealed.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import identitySchema from './identity.schema.json' with { type: 'json' }
import interviewSchema from './interview.schema.json' with { type: 'json' }

/** A record opened in memory: the only place where the two halves of an interview meet. */
export interface OpenedRecord {
  readonly interview: Interview
  readonly identity: Identity | null
}

/** Turns documents of the inbox into records, and records into interviews; what is not of the agreed form never passes. */
export interface RecordReader {
  /** @throws ProblemError `record-malformed` or `record-changed`. */
  envelope(document: StoredDocument): SealedRecord
  /** @throws ProblemError `seal-*` or `record-malformed`. */
  open(record: SealedRecord, opener: Opener): OpenedRecord
}

export function createRecordReader(): RecordReader {
  const ajv = new Ajv2020({ strict: true, allErrors: false })
  const isSealed: ValidateFunction<SealedRecord> = ajv.compile(sealedSchema)
  const isInterview: ValidateFunction<Interview> = ajv.compile(interviewSchema)
  const isIdentity: ValidateFunction<Identity> = ajv.compile(identitySchema)
  return {
    envelope(document) {
      const record: unknown = document
      if (!isSealed(record)) throw malformed(isSealed, 'sealed record')
      if (createHash('sha256').update(sealedContent(record)).digest('hex') !== record.sha256)
        throw new ProblemError('record-changed', 'The record does not have the hash it was stamped with; the phone sends it again.')
      return record
    },
    open(record, opener) {
      const text = (half: SealedHalf, part: SealedPart) =>
        openSealed(part, { recordId: record._id, half, bound: boundTo(half, record) }, opener)
      const interview = withCover(parse(text('answers', record.answers)), record)
      if (!isInterview(interview)) throw malformed(isInterview, 'interview')
      refuseOtherCover(record, interview)
      if (!record.identity) return { interview, identity: null }
      const identity = identityWithId(parse(text('identity', record.identity)), record._id)
      if (!isIdentity(identity) || identity.id !== record._id) throw malformed(isIdentity, 'identity')
      return { interview, identity }
    },
  }
}

/** What stands on the cover must stand inside: a carrier cannot file an interview under another area, round or form. */
function refuseOtherCover(record: SealedRecord, interview: Interview): void {
  const cover = [record._id, record.kind, record.replaces ?? '', record.round, record.area, record.finished, record._id.split(':')[1]]
  const inside = [
    interview.id,
    interview.kind,
    interview.replaces ?? '',
    interview.round,
    interview.area,
    interview.finished.slice(0, 10),
    interview.device,
  ]
  const sameForm = (['id', 'version', 'sha256'] as const).every((name) => record.questionnaire[name] === interview.questionnaire[name])
  if (!sameForm || cover.some((value, at) => value !== inside[at]))
    throw new ProblemError('record-malformed', 'What is written on the record is not what is inside it.')
}

function parse(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) return parsed
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
