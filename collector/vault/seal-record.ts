import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { dictionaryFor, dictionaryName } from '../../schemas/sealing/dictionary.ts'
import { boundTo, identityInside, insideOf } from '../../schemas/sealing/cover.ts'
import { pack } from '../../schemas/sealing/frame.ts'
import type { SealedHalf } from '../../schemas/sealing/headers.ts'
import { sha256Hex } from './bytes.ts'
import { openSession, sealPart, type SealingSession, type ServerKey } from './seal.ts'

/** Bytes. Households of up to seven people fit the smallest bucket, so most records have the same length. */
const smallest: Readonly<Record<SealedHalf, number>> = { answers: 640, identity: 160 }

/** Seals finished interviews of one questionnaire version to one server. */
export interface Sealer {
  /** @param identity null when the interview holds no direct identifier (a withdrawal). */
  seal(interview: Interview, identity: Identity | null): Promise<SealedRecord>
}

/**
 * A sealer for one unlock: one session key per purpose, the dictionary computed once.
 * @throws TypeError when the server gave no key for a purpose.
 */
export async function createSealer(questionnaire: Questionnaire, keys: readonly ServerKey[]): Promise<Sealer> {
  const keyFor = (purpose: ServerKey['purpose']) => {
    const key = keys.find((each) => each.purpose === purpose)
    if (!key) throw new TypeError(`The server gave no ${purpose} key.`)
    return key
  }
  const [answersSession, identitySession] = [await openSession(keyFor('seal-answers')), await openSession(keyFor('seal-identity'))]
  const preset = dictionaryFor(questionnaire)
  const dictionary = await dictionaryName(preset)

  return {
    async seal(interview, identity) {
      const cover = {
        _id: interview.id,
        kind: interview.kind,
        ...(interview.replaces !== undefined && { replaces: interview.replaces }),
        round: interview.round,
        area: interview.area,
        questionnaire: interview.questionnaire,
        // The day only: the minute someone was visited is nobody's business on the way.
        finished: interview.finished.slice(0, 10),
      }
      const part = (half: SealedHalf, session: SealingSession, text: string) =>
        sealPart(session, { half, bound: boundTo(half, cover), dictionary, frame: pack(text, preset, smallest[half]) })
      const content = {
        ...cover,
        schema: 'sealed/1' as const,
        answers: await part('answers', answersSession, insideOf(interview)),
        ...(identity && { identity: await part('identity', identitySession, identityInside(identity)) }),
      }
      return { ...content, sha256: await sha256Hex(sealedContent(content)) }
    },
  }
}
