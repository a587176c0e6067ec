import type { Answers } from '../../schemas/interview/answers.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Draft, Phone } from '../phone.ts'
import { appVersion } from '../sync/app-version.ts'
import type { Enrolment } from '../sync/enrolment.ts'
import { type Completion, complete, withdrawalOf } from './complete.ts'
import { finish } from './finish.ts'
import type { Keep } from './keep.ts'
import { PhoneError } from './phone-error.ts'
import { localIso, type OpenParts } from './phone-parts.ts'
import { type RandomBytes, recordId, withdrawalCode } from './record-id.ts'
import { labelOf } from './records.ts'
import type { Room } from './room.ts'
import { takingTurns } from './turns.ts'

interface Interviews
  extends Pick<Phone, 'startDraft' | 'openDraft' | 'saveDraft' | 'discardDraft' | 'completeDraft' | 'correct' | 'withdraw'> {
  /** Writes every draft whole that has a journal; when one cannot be, its journal stays and holds the same. */
  checkpoint(): Promise<void>
}

interface InterviewDependencies {
  readonly keep: Keep
  readonly now: () => number
  readonly random: RandomBytes
  readonly room: () => Promise<Room>
  /** @throws PhoneError when the vault is closed. */
  readonly opened: () => OpenParts
  readonly enrolled: () => Promise<Enrolment>
  readonly questionnaire: () => Questionnaire
  /** Calls back when the phone has nothing else to do, and before long. */
  readonly quiet: (work: () => void) => void
  /** Called when a record was filed and could be sent. */
  readonly filed: () => void
  readonly notify: () => void
}

/** Drafts from their first question to the outbox. */
export function createInterviews(dependencies: InterviewDependencies): Interviews {
  const { keep, now, random, room, opened, enrolled, notify, quiet } = dependencies
  const inTurn = takingTurns()

  const newDraft = (enrolment: Enrolment, form: Questionnaire, options: Parameters<Phone['startDraft']>[0], answers: Answers): Draft => {
    const time = localIso(now())
    const { id, version, sha256, defaultLanguage } = form
    const first = opened().formOf(form, now(), enrolment.round).asked(answers)[0]?.place ?? { name: '' }
    return {
      id: recordId(enrolment.deviceId, now(), random),
      kind: options.kind ?? 'interview',
      ...(options.replaces !== undefined && { replaces: options.replaces }),
      questionnaire: { id, version, sha256 },
      area: options.area,
      started: time,
      updated: time,
      answers,
      place: { screen: 'question', at: first },
      interfaceLanguage: defaultLanguage,
      questionLanguage: defaultLanguage,
      overrides: [],
      secondsByQuestion: {},
      edits: 0,
      interruptions: 0,
      practice: options.practice,
    }
  }

  const save = async (draft: Draft) => {
    const { drafts, finishing } = opened()
    // An interview that was finished is sealed: what is typed into it afterwards would be lost, so it must not look saved.
    if (finishing.ledger.known().some(({ id }) => id === draft.id)) throw new PhoneError('phone.no-draft')
    await drafts.save(draft)
    if (drafts.isDue(draft.id)) quiet(() => void inTurn(() => drafts.checkpoint(draft.id)).catch(() => {}))
    notify()
  }

  const remove = async (id: string) => {
    const { drafts } = opened()
    await keep.write(await drafts.remove(id))
    drafts.forget(id)
    notify()
  }

  const completion = (enrolment: Enrolment, code: string): Completion => ({
    round: enrolment.round.id,
    device: enrolment.deviceId,
    finished: localIso(now()),
    appVersion,
    withdrawalCode: code,
  })

  const completeOne = async (draft: Draft) => {
    const open = opened()
    const enrolment = await enrolled()
    const form = await open.questionnaire(draft.questionnaire)
    const documents = complete(draft, open.formOf(form, now(), enrolment.round), completion(enrolment, withdrawalCode(random)))
    const sealer = await open.sealer(form)
    const entry = await finish(open.finishing, { ...documents, draft, label: labelOf(draft, form), sealer })
    open.drafts.forget(draft.id)
    dependencies.filed()
    return { id: entry.id, withdrawalCode: entry.withdrawalCode ?? '' }
  }

  return {
    async startDraft(options) {
      const [enrolment, form] = [await enrolled(), dependencies.questionnaire()]
      // Better no interview than one that the phone cannot hold to its end.
      if (!(await room()).mayStart) throw new PhoneError('phone.storage-full')
      const draft = newDraft(enrolment, form, options, opened().formOf(form, now(), enrolment.round).start())
      await inTurn(() => save(draft))
      return draft
    },
    async openDraft(id) {
      const draft = opened().drafts.get(id)
      if (!draft) throw new PhoneError('phone.no-draft')
      return draft
    },
    saveDraft: (draft) => inTurn(() => save(draft)),
    checkpoint: () =>
      inTurn(async () => {
        const { drafts } = opened()
        for (const { id } of drafts.known()) await drafts.checkpoint(id).catch(() => {})
      }),
    discardDraft: (id) => inTurn(() => remove(id)),
    completeDraft: (draft) =>
      inTurn(async () => {
        if (!draft.practice) return await completeOne(draft)
        await remove(draft.id)
        return { id: draft.id, withdrawalCode: '' }
      }),
    async correct(id) {
      const copy = await opened().copies.get(id)
      if (!copy?.draft) throw new PhoneError('phone.no-copy')
      const [enrolment, form] = [await enrolled(), await opened().questionnaire(copy.draft.questionnaire)]
      const options = { area: copy.draft.area, practice: false, kind: 'correction' as const, replaces: id }
      const fresh = newDraft(enrolment, form, options, copy.draft.answers)
      const { questionLanguage, interfaceLanguage, overrides, place } = copy.draft
      const draft = { ...fresh, questionLanguage, interfaceLanguage, overrides, place }
      await inTurn(() => save(draft))
      return draft
    },
    withdraw: (id, reason) =>
      inTurn(async () => {
        const open = opened()
        const enrolment = await enrolled()
        const entry = open.finishing.ledger.known().find((each) => each.id === id)
        if (!entry) throw new PhoneError('phone.no-record')
        const form = dependencies.questionnaire()
        const { id: formId, version, sha256, defaultLanguage } = form
        const original = { id, area: entry.area, questionnaire: { id: formId, version, sha256 }, questionLanguage: defaultLanguage }
        const about = completion(enrolment, entry.withdrawalCode ?? '')
        const interview = withdrawalOf(original, { ...about, id: recordId(enrolment.deviceId, now(), random), reason })
        const sealer = await open.sealer(form)
        await finish(open.finishing, { interview, identity: null, draft: null, label: entry.label, sealer })
        notify()
        dependencies.filed()
      }),
  }
}
