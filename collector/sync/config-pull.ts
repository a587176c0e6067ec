import { canonicalJson } from '../../schemas/canonical.ts'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Keep } from '../store/keep.ts'
import type { OpenPouch } from '../store/pouch.ts'
import { sha256Hex } from '../vault/bytes.ts'
import { asSyncError, type Fetch, SyncError, troubleOf } from './request.ts'

/** The newest engine this app has; a form that asks for more is not taken, and the phone keeps its old one. */
const engine = 1

const localName = 'config'

/** Replicates what is the same for every phone. The checkpoint is only ours: the server keeps nothing per device. */
export async function pullConfig(pouch: OpenPouch, fetch: Fetch, publicUrl: string): Promise<void> {
  let trouble: SyncError | undefined
  const watching: Fetch = async (input, options) => {
    try {
      const response = await fetch(input, options)
      if (!response.ok && response.status !== 404)
        trouble = troubleOf(
          response,
          await response
            .clone()
            .json()
            .catch(() => undefined),
        )
      return response
    } catch (error) {
      trouble = asSyncError(error)
      throw error
    }
  }
  const remote = pouch.remote(`${publicUrl}/sync/v1/config`, watching)
  const local = pouch.local(localName)
  try {
    await local.replicate.from(remote, { batch_size: 20, batches_limit: 1, retry: false, checkpoint: 'target' })
  } catch (error) {
    throw trouble ?? new SyncError('sync.strange-answer', null, { cause: error })
  } finally {
    await remote.close()
    await local.close()
  }
}

export const questionnaireKey = ({ id, version }: Pick<QuestionnaireReference, 'id' | 'version'>) => `${id}:${version}`

/**
 * Moves the round's questionnaire from the replica to the shelf, after checking that it is the one the round names.
 * @throws SyncError `sync.form-too-new` when this app is too old for it.
 */
export async function adoptQuestionnaire(keep: Keep, pouch: OpenPouch, wanted: QuestionnaireReference): Promise<boolean> {
  const key = questionnaireKey(wanted)
  const kept = await keep.get<Questionnaire>('questionnaires', key)
  if (kept?.sha256 === wanted.sha256) return true
  const local = pouch.local(localName)
  try {
    const { rows } = await local.allDocs({ keys: [`questionnaire:${key}`], include_docs: true })
    const questionnaire = rows[0]?.doc?.['questionnaire'] as Questionnaire | undefined
    if (!questionnaire) return false
    if (questionnaire.engine > engine) throw new SyncError('sync.form-too-new')
    const { sha256, ...content } = questionnaire
    if (sha256 !== wanted.sha256 || (await sha256Hex(canonicalJson(content))) !== sha256) throw new SyncError('sync.strange-answer')
    await keep.write([['questionnaires', key, questionnaire]])
    return true
  } finally {
    await local.close()
  }
}
