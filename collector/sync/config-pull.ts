import { canonicalJson } from '../../schemas/canonical.ts'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Keep } from '../store/keep.ts'
import { sha256Hex } from '../vault/bytes.ts'
import { post } from './enrolment.ts'
import { askJson, type Fetch, SyncError } from './request.ts'

/** The newest engine this app has; a form that asks for more is not taken, and the phone keeps its old one. */
const engine = 1

export const questionnaireKey = ({ id, version }: Pick<QuestionnaireReference, 'id' | 'version'>) => `${id}:${version}`

/**
 * Brings the round's questionnaire, by `_bulk_get` of the replication protocol, unless it is here.
 * @throws SyncError `sync.form-too-new` when this app is too old for it.
 */
export async function pullQuestionnaire(keep: Keep, fetch: Fetch, publicUrl: string, wanted: QuestionnaireReference): Promise<void> {
  const key = questionnaireKey(wanted)
  const kept = await keep.get<Questionnaire>('questionnaires', key)
  if (kept?.sha256 === wanted.sha256) return
  const id = `questionnaire:${key}`
  const answer = await askJson(fetch, `${publicUrl}/sync/v1/config/_bulk_get`, post({ docs: [{ id }] }))
  const results = (answer as BulkGet | null)?.results
  if (!Array.isArray(results)) throw new SyncError('sync.strange-answer')
  const questionnaire = (results as BulkGet['results'])?.[0]?.docs?.[0]?.ok?.questionnaire
  // Not published yet: the next sync looks again.
  if (!questionnaire) return
  if (questionnaire.engine > engine) throw new SyncError('sync.form-too-new')
  const { sha256, ...content } = questionnaire
  if (sha256 !== wanted.sha256 || (await sha256Hex(canonicalJson(content))) !== sha256) throw new SyncError('sync.strange-answer')
  await keep.write([['questionnaires', key, questionnaire]])
}

interface BulkGet {
  readonly results?: readonly { readonly docs?: readonly { readonly ok?: { readonly questionnaire?: Questionnaire } }[] }[]
}
