import type { Answers } from '../../schemas/interview/answers.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Draft, Phone, PhoneState, RecordSummary, SyncState } from '../phone.ts'
import { appVersion } from '../sync/app-version.ts'
import type { DeviceEnvironment } from '../sync/device.ts'
import { type Enrolment, enrol, readEnrolment } from '../sync/enrolment.ts'
import { SyncError } from '../sync/request.ts'
import type { Vault } from '../vault/vault.ts'
import { complete, withdrawalOf } from './complete.ts'
import { finish } from './finish.ts'
import { type CreateForm, dropSettledCopies, localIso, type OpenParts, openParts } from './phone-parts.ts'
import { type RandomBytes, recordId, withdrawalCode } from './record-id.ts'
import { labelOf, summaries } from './records.ts'
import { createSyncing } from './syncing.ts'

/** Something the enumerator must be told; `code` is a key of the interface texts. */
export class PhoneError extends Error {
  override name = 'PhoneError'
  readonly code: string
  constructor(code: string, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

export interface PhoneDependencies extends Omit<DeviceEnvironment, 'ledger' | 'items'> {
  readonly vault: Vault
  /** Forgets the PIN record of a phone that was never enrolled. */
  readonly forgetVault: () => Promise<void>
  readonly createForm: CreateForm
  readonly random: RandomBytes
}

/** The phone behind the screens, once this tab is the one that may write. */
export async function createPhone(dependencies: PhoneDependencies, notify: () => void): Promise<Omit<Phone, 'subscribe'>> {
  const { keep, vault, now, random, fetch } = dependencies
  let state: PhoneState = { kind: 'new' }
  let parts: OpenParts | undefined
  let questionnaire: Questionnaire | undefined
  const forms = new Map<string, Questionnaire>()
  const syncing = createSyncing({ keep, now, parts: () => parts, notify, after: () => afterSync() })

  const to = (next: PhoneState) => {
    state = next
    notify()
  }
  const opened = (): OpenParts => {
    if (!parts) throw new PhoneError('phone.locked')
    return parts
  }
  const toLocked = async () => to({ kind: 'locked', ...(await vault.waiting()) })

  const openWith = async (key: CryptoKey): Promise<void> => {
    parts = await openParts(key, { ...dependencies, changed: notify })
    await syncing.open()
    questionnaire = await parts.device.questionnaire()
    if (!questionnaire) await bringQuestionnaire(parts)
    await showOpen()
    void syncing.run()
  }

  const bringQuestionnaire = async ({ device }: OpenParts) => {
    const { trouble } = await device.sync()
    questionnaire = await device.questionnaire()
    if (!questionnaire) throw new SyncError(trouble ?? 'sync.strange-answer')
  }

  const showOpen = async () => {
    const enrolment = await readEnrolment(keep)
    if (!enrolment || !questionnaire) return
    for (const [, each] of await keep.all<Questionnaire>('questionnaires')) forms.set(`${each.id}:${each.version}`, each)
    to({ kind: 'open', device: enrolment.deviceId, round: enrolment.round, questionnaire })
  }

  const afterSync = async () => {
    if (!parts) return
    await dropSettledCopies(keep, parts.finishing)
    await parts.device.free()
    questionnaire = (await parts.device.questionnaire()) ?? questionnaire
    if (state.kind === 'open') await showOpen()
  }

  const enrolled = async (): Promise<Enrolment> => {
    const enrolment = await readEnrolment(keep)
    if (!enrolment) throw new PhoneError('phone.new')
    return enrolment
  }

  const filed = async (draft: Draft) => {
    opened().draftsKnown.delete(draft.id)
    notify()
    void syncing.run()
  }

  const newDraft = (enrolment: Enrolment, form: Questionnaire, options: Parameters<Phone['startDraft']>[0], answers: Answers): Draft => {
    const time = localIso(now())
    const language = form.defaultLanguage
    return {
      id: recordId(enrolment.deviceId, now(), random),
      kind: options.kind ?? 'interview',
      ...(options.replaces !== undefined && { replaces: options.replaces }),
      questionnaire: { id: form.id, version: form.version, sha256: form.sha256 },
      area: options.area,
      started: time,
      updated: time,
      answers,
      place: { screen: 'question', at: { name: '' } },
      interfaceLanguage: language,
      questionLanguage: language,
      overrides: [],
      secondsByQuestion: {},
      edits: 0,
      interruptions: 0,
      practice: options.practice,
    }
  }

  const saveDraft = async (draft: Draft) => {
    const { drafts, draftsKnown } = opened()
    await keep.write([await drafts.put(draft.id, draft)])
    draftsKnown.set(draft.id, draft)
    notify()
  }

  const lock = async () => {
    if (state.kind !== 'open') return
    const closing = parts
    parts = undefined
    syncing.stop()
    forms.clear()
    await toLocked()
    await closing?.device.close()
  }

  if ((await readEnrolment(keep)) && (await vault.exists())) await toLocked()

  return {
    state: () => state,
    async enrol(link, pin) {
      if (!(await readEnrolment(keep))) await enrol(keep, fetch, link, now())
      // A PIN chosen before an interrupted enrolment guards nothing yet.
      await dependencies.forgetVault()
      const key = await vault.create(pin)
      await openWith(key)
    },
    async unlock(pin) {
      const opening = await vault.open(pin)
      if (opening.kind !== 'open') {
        await toLocked()
        return false
      }
      await openWith(opening.key)
      return true
    },
    lock,
    async changePin(oldPin, newPin) {
      const { kind } = await vault.changePin(oldPin, newPin)
      return kind === 'open'
    },
    async startDraft(options) {
      const [enrolment, form] = [await enrolled(), questionnaire]
      if (!form) throw new PhoneError('phone.locked')
      const engine = opened().formOf(form, now(), enrolment.round.settings)
      const answers = engine.start()
      const first = engine.asked(answers)[0]?.place ?? { name: '' }
      const draft = { ...newDraft(enrolment, form, options, answers), place: { screen: 'question' as const, at: first } }
      await saveDraft(draft)
      return draft
    },
    async openDraft(id) {
      const draft = await opened().drafts.get(id)
      if (!draft) throw new PhoneError('phone.no-draft')
      return draft
    },
    saveDraft,
    async discardDraft(id) {
      const { drafts, draftsKnown } = opened()
      await keep.write([drafts.remove(id)])
      draftsKnown.delete(id)
      notify()
    },
    async completeDraft(draft) {
      const open = opened()
      if (draft.practice) {
        await keep.write([open.drafts.remove(draft.id)])
        await filed(draft)
        return { id: draft.id, withdrawalCode: '' }
      }
      const enrolment = await enrolled()
      const form = await open.questionnaire(draft.questionnaire)
      const completion = {
        round: enrolment.round.id,
        device: enrolment.deviceId,
        finished: localIso(now()),
        appVersion,
        withdrawalCode: withdrawalCode(random),
      }
      const documents = complete(draft, open.formOf(form, now(), enrolment.round.settings), completion)
      const sealer = await open.sealer(form)
      const entry = await finish(open.finishing, { ...documents, draft, label: labelOf(draft, form), sealer })
      await filed(draft)
      return { id: entry.id, withdrawalCode: entry.withdrawalCode ?? '' }
    },
    async correct(id) {
      const copy = await opened().copies.get(id)
      if (!copy?.draft) throw new PhoneError('phone.no-copy')
      const [enrolment, form] = [await enrolled(), await opened().questionnaire(copy.draft.questionnaire)]
      const options = { area: copy.draft.area, practice: false, kind: 'correction' as const, replaces: id }
      const fresh = newDraft(enrolment, form, options, copy.draft.answers)
      const { questionLanguage, interfaceLanguage, overrides, place } = copy.draft
      const draft = { ...fresh, questionLanguage, interfaceLanguage, overrides, place }
      await saveDraft(draft)
      return draft
    },
    async withdraw(id, reason) {
      const open = opened()
      const [enrolment, entry] = [await enrolled(), (await open.finishing.ledger.all()).find((each) => each.id === id)]
      if (!entry || !questionnaire) throw new PhoneError('phone.no-record')
      const original = { id, area: entry.area, questionnaire: referenceOf(questionnaire), questionLanguage: questionnaire.defaultLanguage }
      const interview = withdrawalOf(original, {
        id: recordId(enrolment.deviceId, now(), random),
        round: enrolment.round.id,
        device: enrolment.deviceId,
        finished: localIso(now()),
        appVersion,
        withdrawalCode: entry.withdrawalCode ?? '',
        reason,
      })
      const sealer = await open.sealer(questionnaire)
      await finish(open.finishing, { interview, identity: null, draft: null, label: entry.label, sealer })
      notify()
      void syncing.run()
    },
    records: (): readonly RecordSummary[] =>
      parts
        ? summaries([...parts.draftsKnown.values()], syncing.entries(), ({ questionnaire: { id, version } }) =>
            forms.get(`${id}:${version}`),
          )
        : [],
    sync: (): Promise<SyncState> => syncing.run(),
    syncState: (): SyncState => syncing.state(),
  }
}

const referenceOf = ({ id, version, sha256 }: Questionnaire) => ({ id, version, sha256 })
