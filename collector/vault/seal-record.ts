import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { dictionaryFor, dictionaryName } from '../../schemas/sealing/dictionary.ts'
import { pack } from '../../schemas/sealing/frame.ts'
import { sealing } from '../../schemas/sealing/headers.ts'
import { sha256Hex } from './bytes.ts'
import { openSession, sealPart, type ServerKey } from './seal.ts'

/** Most households fit the smallest bucket, so most records have the same length. */
const smallestAnswers = 640
const smallestIdentity = 256

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
      const record = interview.id
      const answers = await sealPart(answersSession, {
        type: sealing.types.answers,
        record,
        dictionary,
        frame: pack(JSON.stringify(interview), preset, smallestAnswers),
      })
      const content = {
        _id: record,
        schema: 'sealed/1' as const,
        kind: interview.kind,
        ...(interview.replaces !== undefined && { replaces: interview.replaces }),
        round: interview.round,
        area: interview.area,
        questionnaire: interview.questionnaire,
        // The day only: the minute someone was visited is nobody's business on the way.
        finished: interview.finished.slice(0, 10),
        answers,
        ...(identity && {
          identity: await sealPart(identitySession, {
            type: sealing.types.identity,
            record,
            dictionary,
            frame: pack(JSON.stringify(identity), preset, smallestIdentity),
          }),
        }),
      }
      return { ...content, sha256: await sha256Hex(sealedContent(content)) }
    },
  }
}
