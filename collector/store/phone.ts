import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Phone, PhoneCare, PhoneState, RecordSummary } from '../phone.ts'
import { appVersion } from '../sync/app-version.ts'
import type { DeviceEnvironment } from '../sync/device.ts'
import { checkIn, type Enrolment, enrol, readEnrolment } from '../sync/enrolment.ts'
import { SyncError } from '../sync/request.ts'
import type { DerivePinKey } from '../vault/pin-key.ts'
import type { Vault } from '../vault/vault.ts'
import { deliverCarried } from './carry.ts'
import { finishInterrupted, isToBeFiled } from './finish.ts'
import { createInterviews } from './interviews.ts'
import { isLeaseOver, noteContact } from './lease.ts'
import { explained, PhoneError } from './phone-error.ts'
import { type CreateForm, dropSettledCopies, type OpenParts, openParts } from './phone-parts.ts'
import type { RandomBytes } from './record-id.ts'
import { summaries } from './records.ts'
import type { Room } from './room.ts'
import { dropSpares, whatIsLeft } from './spares.ts'
import { forgetReadable } from './start-again.ts'
import { latestByRecord, noticesOf, type SupervisorComment } from './supervisor-words.ts'
import { createSyncing } from './syncing.ts'

export interface PhoneDependencies extends Omit<DeviceEnvironment, 'ledger' | 'items'> {
  readonly vault: Vault
  readonly derive: DerivePinKey
  readonly createForm: CreateForm
  readonly random: RandomBytes
  readonly room: () => Promise<Room>
  readonly askToPersist: () => Promise<boolean>
  /** Calls back when nothing else is to do, and before long. */
  readonly quiet: (work: () => void) => void
}

const closedId = 'closed'

/** The phone behind the screens, once this tab is the one that may write. */
export async function createPhone(
  dependencies: PhoneDependencies,
  notify: () => void,
): Promise<Omit<Phone & PhoneCare, 'subscribe' | 'isUpdateWaiting' | 'activateUpdate'>> {
  const { keep, vault, now, random, fetch, room } = dependencies
  let state: PhoneState = { kind: 'new' }
  let parts: OpenParts | undefined
  let questionnaire: Questionnaire | undefined
  let comments: readonly SupervisorComment[] = []
  const forms = new Map<string, Questionnaire>()

  const to = (next: PhoneState) => {
    state = next
    notify()
  }
  const opened = (): OpenParts => {
    if (!parts) throw new PhoneError('phone.locked')
    return parts
  }
  const enrolled = async (): Promise<Enrolment> => {
    const enrolment = await readEnrolment(keep)
    if (!enrolment) throw new PhoneError('phone.new')
    return enrolment
  }
  const syncing = createSyncing({ keep, now, parts: () => parts, notify, after: (trouble) => afterSync(trouble) })

  const showLocked = async () => {
    // Asked side by side: each answer of the store costs a slow phone some milliseconds before its first screen.
    const [isRevoked, isOver] = await Promise.all([keep.get('settings', closedId), isLeaseOver(keep, now())])
    if (isRevoked) to({ kind: 'closed', why: 'revoked' })
    else if (isOver) to({ kind: 'closed', why: 'lease' })
    else to({ kind: 'locked', ...(await vault.waiting()) })
  }

  const showOpen = async () => {
    const enrolment = await readEnrolment(keep)
    if (!enrolment || !questionnaire) return
    const assignment = await parts?.assignment()
    comments = (await parts?.comments()) ?? comments
    for (const [, each] of await keep.all<Questionnaire>('questionnaires')) forms.set(`${each.id}:${each.version}`, each)
    to({
      kind: 'open',
      device: enrolment.deviceId,
      // The gate of the private section: on this phone, whatever the round says.
      round: { ...enrolment.round, settings: { ...enrolment.round.settings, certified: assignment?.certified === true ? 1 : 0 } },
      assigned: assignment?.areas ?? [],
      questionnaire,
    })
  }

  const openWith = async (key: CryptoKey): Promise<void> => {
    try {
      parts = await openParts(key, { ...dependencies, changed: notify })
      await syncing.open()
      questionnaire = await parts.device.questionnaire()
      if (!questionnaire) await bringQuestionnaire(parts)
    } catch (error) {
      await close()
      throw error
    }
    await showOpen()
    void dependencies.askToPersist()
    // Set aside while there is plenty.
    void keep.holdReserve()
    dependencies.quiet(() => void interviews.checkpoint().catch(() => {}))
    void syncing.run()
  }

  const bringQuestionnaire = async ({ device }: OpenParts) => {
    const { trouble } = await device.sync()
    questionnaire = await device.questionnaire()
    if (!questionnaire) throw new SyncError(trouble ?? 'sync.strange-answer')
    await noteContact(keep, now())
  }

  /** Forgets everything that was readable; what is on the disk stays as it is. */
  const close = async () => {
    const closing = parts
    parts = undefined
    syncing.stop()
    forms.clear()
    comments = []
    await showLocked()
    await closing?.device.close()
  }

  /** The supervisor took this phone out: without its keys nothing on it can be read again. Sealed records stay, for the supervisor to carry. */
  const destroyKeys = async () => {
    await keep.write([
      ['settings', closedId, { why: 'revoked' }],
      ['keys', 'vault'],
      ['keys', 'signing'],
      ['keys', 'token-lock'],
      ['settings', 'tokens'],
    ])
    await dropSpares().catch(() => {})
    await close()
  }

  const afterSync = async (trouble: string | null) => {
    if (trouble === 'sync.revoked') return await destroyKeys()
    if (trouble === null) await noteContact(keep, now())
    if (!parts) return
    if (parts.finishing.ledger.known().some(isToBeFiled)) await finishInterrupted(parts.finishing).catch(() => 0)
    await dropSettledCopies(keep, parts.finishing)
    await parts.device.free()
    await parts.finishing.spares.follow(parts.finishing).catch(() => {})
    if (await keep.get('settings', 'carried')) await deliverCarried(keep, parts.device)
    questionnaire = (await parts.device.questionnaire()) ?? questionnaire
    if (state.kind === 'open') await showOpen()
  }

  /** A phone that nobody unlocks still asks whether it was taken out, and so renews its lease. */
  const askWhileLocked = async () => {
    try {
      await checkIn(keep, fetch, now)
      await noteContact(keep, now())
      if (state.kind === 'closed' && state.why === 'lease') await showLocked()
    } catch (error) {
      if (error instanceof SyncError && error.code === 'sync.revoked') await destroyKeys()
    }
  }

  const unlock = async (pin: string): Promise<boolean> => {
    if (state.kind === 'closed') {
      await askWhileLocked()
      // Asking may have changed it.
      const after = state as PhoneState
      if (after.kind === 'closed') throw after.why === 'revoked' ? new SyncError('sync.revoked') : new PhoneError('phone.lease')
    }
    const opening = await vault.open(pin)
    if (opening.kind === 'open') await openWith(opening.key)
    else await showLocked()
    return opening.kind === 'open'
  }

  /**
   * For a forgotten PIN, or a phone that was taken out and is taken in again: a new PIN. What was open opens again with the key that the server
   * gives for this invitation. Only where there was no vault any more (taken out) the list begins empty; what was finished is sent as before.
   */
  const startAgain = async (link: string, pin: string): Promise<void> => {
    const { deviceId } = await enrolled()
    await close()
    const kid = await vault.recoveryKid()
    const { recovery, recovered } = await enrol(keep, fetch, link, now(), deviceId, kid)
    await noteContact(keep, now())
    if (kid !== null && !recovered) throw new PhoneError('phone.not-recovered')
    if (recovered) return await openWith(await vault.recover(recovered, pin, recovery))
    await forgetReadable(keep)
    await openWith(await vault.create(pin, recovery))
  }

  const interviews = createInterviews({
    keep,
    now,
    random,
    room,
    opened,
    enrolled,
    notify,
    quiet: dependencies.quiet,
    questionnaire: () => {
      if (!questionnaire || !parts) throw new PhoneError('phone.locked')
      return questionnaire
    },
    filed: () => {
      notify()
      void syncing.run()
    },
  })

  /** Loaded when somebody asks for a copy: the first screen does not wait for it. */
  const secondCopies = async () =>
    (await import('./second-copies.ts')).createSecondCopies({
      keep,
      now,
      derive: dependencies.derive,
      opened,
      enrolled,
      notify,
      isPin: async (pin) => (await vault.open(pin)).kind === 'open',
    })

  const [isEnrolled, hasVault, wasClosed] = await Promise.all([readEnrolment(keep), vault.exists(), keep.get('settings', closedId)])
  if (isEnrolled && (hasVault || wasClosed)) {
    await showLocked()
    if (navigator.onLine) void askWhileLocked()
  } else state = { kind: 'new', ...(await whatIsLeft()) }

  return {
    state: () => state,
    async enrol(link, pin) {
      const known = await readEnrolment(keep)
      if (known && (await vault.exists())) {
        // A supervisor invites the same phone again, after a long time without contact; PIN and drafts stay.
        await enrol(keep, fetch, link, now(), known.deviceId)
        await noteContact(keep, now())
        await showLocked()
        await unlock(pin)
      } else if (await keep.get('settings', closedId)) await startAgain(link, pin)
      else {
        // Under another name the server would not take what is left.
        const { recovery } = known ?? (await enrol(keep, fetch, link, now(), state.kind === 'new' ? state.left?.device : undefined))
        await openWith(await vault.create(pin, recovery))
      }
    },
    startAgain: (link, pin) => explained(() => startAgain(link, pin)),
    unlock: (pin) => explained(() => unlock(pin)),
    async lock() {
      if (state.kind !== 'open') return
      await interviews.checkpoint()
      await close()
    },
    async changePin(oldPin, newPin) {
      const { kind } = await explained(() => vault.changePin(oldPin, newPin))
      return kind === 'open'
    },
    startDraft: (options) => explained(() => interviews.startDraft(options)),
    openDraft: (id) => interviews.openDraft(id),
    saveDraft: (draft) => explained(() => interviews.saveDraft(draft)),
    discardDraft: (id) => explained(() => interviews.discardDraft(id)),
    completeDraft: (draft) => explained(() => interviews.completeDraft(draft)),
    correct: (id) => explained(() => interviews.correct(id)),
    withdraw: (id, reason) => explained(() => interviews.withdraw(id, reason)),
    records: (): readonly RecordSummary[] =>
      parts
        ? summaries(
            parts.drafts.known(),
            syncing.entries(),
            ({ questionnaire: { id, version } }) => forms.get(`${id}:${version}`),
            latestByRecord(comments),
          )
        : [],
    notices: () => noticesOf(comments),
    sync: () => syncing.run(),
    syncState: () => syncing.state(),

    backup: async (pin) => (await secondCopies()).backup(pin),
    restore: (file, pin) => explained(async () => (await secondCopies()).restore(file, pin)),
    handOver: async () => (await secondCopies()).handOver(),
    receive: (file) => explained(async () => (await secondCopies()).receive(file)),
    carried: async () => ((await keep.get('settings', 'carried')) ? await (await secondCopies()).carried() : []),
    dropCarried: async (id) => (await secondCopies()).dropCarried(id),
    askServer: askWhileLocked,
    forgottenPinKeeps: async () => (await vault.recoveryKid()) !== null,
    recordings: () => opened().recordings(),
    recordingsPart: (sha256, part) => opened().device.bytes(`/device/recordings/${sha256}/${part}`),
    questionnaireOf: (reference) => opened().questionnaire(reference),
    room,
    async checkDevice() {
      const facts = {
        appVersion,
        questionnaire: questionnaire ?? null,
        lastSync: syncing.state().lastSuccess,
        clockAheadMs: parts?.device.clockAheadMs() ?? null,
        now: now(),
      }
      const { checkDevice } = await import('./device-check.ts')
      return await checkDevice(facts, await room())
    },
  }
}
