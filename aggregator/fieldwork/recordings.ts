import { createHash } from 'node:crypto'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { partBytes, promptsOf, readRecordings, type Recordings, type RecordingsOffer } from '../../schemas/recordings/recordings.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'

/** A language of 400 prompts at 16 kbit/s is 5 MB; more than this is a mistake. */
const largestPack = 32 * 1024 * 1024

const offerId = (questionnaire: string, language: string) => `recordings:${questionnaire}:${language}`
const partId = (sha256: string, part: number) => `recordings-part:${sha256}:${String(part).padStart(4, '0')}`

export interface AddedRecordings extends RecordingsOffer {
  /** Texts of the questionnaire that the pack does not speak: their buttons stay hidden. */
  readonly missing: number
}

/**
 * Takes in what a speaker recorded; the newest pack of a language replaces the one before.
 * @throws ProblemError `invalid-request` saying what is wrong with the file.
 */
export async function addRecordings(office: DocumentStore, questionnaire: Questionnaire, archive: Uint8Array): Promise<AddedRecordings> {
  if (archive.length > largestPack) throw new ProblemError('too-large', 'A pack of recordings has at most 32 MB; record at 16 kbit/s.')
  const pack = readPack(archive)
  const known = new Set(promptsOf(questionnaire, pack.language).map(({ key }) => key))
  refuseStrangers(pack, questionnaire, known)
  const sha256 = createHash('sha256').update(archive).digest('hex')
  const parts = Math.ceil(archive.length / partBytes)
  for (let part = 0; part < parts; part++) {
    const bytes = archive.subarray(part * partBytes, (part + 1) * partBytes)
    await putAnew(office, partId(sha256, part), { schema: 'recordings-part/1', data: Buffer.from(bytes).toString('base64') })
  }
  const { questionnaire: id, language } = pack
  const offer: RecordingsOffer = {
    schema: 'recordings/1',
    questionnaire: id,
    language,
    sha256,
    bytes: archive.length,
    parts,
    sounds: pack.sounds.size,
  }
  // Last: a phone never hears of a pack that is not whole.
  await putAnew(office, offerId(id, language), { schema: 'recordings/1', offer })
  return { ...offer, missing: known.size - pack.sounds.size }
}

/** The packs for a questionnaire, by language. */
export async function recordingsFor(office: DocumentStore, questionnaire: string): Promise<readonly RecordingsOffer[]> {
  return (await office.list(`recordings:${questionnaire}:`)).map((each) => (each as unknown as { offer: RecordingsOffer }).offer)
}

/** @throws ProblemError `unknown-route` when there is no such part. */
export async function recordingsPart(office: DocumentStore, sha256: string, part: number): Promise<Buffer> {
  const found = /^[0-9a-f]{64}$/.test(sha256) && Number.isInteger(part) && part >= 0 ? await office.get(partId(sha256, part)) : undefined
  if (!found) throw new ProblemError('unknown-route', 'These recordings are no longer here; sync, then bring the newer ones.')
  return Buffer.from(String(found['data']), 'base64')
}

function readPack(archive: Uint8Array): Recordings {
  try {
    return readRecordings(archive)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ProblemError('invalid-request', `This is not a pack of recordings: ${error.message}.`, {}, { cause: error })
  }
}

function refuseStrangers(
  { questionnaire: id, language, sounds }: Recordings,
  questionnaire: Questionnaire,
  known: ReadonlySet<string>,
): void {
  if (id !== questionnaire.id)
    throw new ProblemError('invalid-request', `The pack is for the questionnaire ${id}; the round uses ${questionnaire.id}.`)
  if (!questionnaire.languages.some(({ code }) => code === language))
    throw new ProblemError('invalid-request', `The questionnaire has no language ${language}.`)
  const strangers = [...sounds.keys()].filter((key) => !known.has(key))
  if (strangers.length > 0)
    throw new ProblemError(
      'invalid-request',
      `The questionnaire has no text for ${strangers.slice(0, 5).join(', ')}; take these files out.`,
    )
}

async function putAnew(office: DocumentStore, id: string, content: Readonly<Record<string, unknown>>): Promise<void> {
  const before = await office.get(id)
  await office.put({ _id: id, ...(before && { _rev: before._rev }), ...content })
}
