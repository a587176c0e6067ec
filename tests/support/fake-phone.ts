import type { Round } from '../../schemas/generated/records.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Draft, Phone, PhoneCare, PhoneState, RecordSummary, SupervisorNotice, SyncState } from '../../collector/phone.ts'
import { localTime } from '../../collector/interview/dates.ts'

export interface FakePhoneOptions {
  readonly questionnaire: Questionnaire
  readonly round?: Partial<Round>
  readonly state?: PhoneState['kind']
  /** Finished records on a new phone whose browser lost its database. */
  readonly left?: number
  readonly pin?: string
  readonly records?: readonly RecordSummary[]
  readonly notices?: readonly SupervisorNotice[]
  readonly clock?: () => Date
  /** Where drafts survive a reload; in memory when left out. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Milliseconds a save takes. */
  readonly saveMs?: number
}

/** A phone in memory for tests of the screens: the real engine and questionnaire, no seal, no network. */
export interface FakePhone extends Phone, PhoneCare {
  readonly drafts: ReadonlyMap<string, Draft>
  readonly completed: readonly Draft[]
  /** Makes the next saves fail, as a full disk does. */
  failSaving(fails: boolean): void
}

export const fakeRound: Round = {
  schema: 'round/1',
  id: '2026-1',
  title: 'San Isidro 2026',
  questionnaire: { id: 'household', version: '1.0.0', sha256: '' },
  referenceDay: '2026-11-01',
  starts: '2026-11-01',
  ends: '2026-12-31',
  settings: { home_country: 'PHL', money_currency: 'PHP', ask_legal_status: 0, ask_module_l: 0 },
  areas: [
    { code: '0402109', name: 'San Isidro', level: 'municipality' },
    { code: '0402109001', name: 'Bagong Silang', level: 'barangay', parent: '0402109' },
    { code: '0402109002', name: 'Mabini', level: 'barangay', parent: '0402109' },
  ],
}

const shelf = 'fake-phone.drafts'
/** The phone's own copies of finished records, by their ids. */
const copies = 'fake-phone.copies'

function startState(kind: PhoneState['kind'], open: PhoneState, locked: PhoneState, records = 0): PhoneState {
  if (kind === 'new' && records > 0) return { kind, left: { device: 'fake', records } }
  if (kind === 'closed') return { kind, why: 'lease' }
  return kind === 'open' ? open : kind === 'locked' ? locked : { kind }
}

export function createFakePhone({
  questionnaire,
  state: start = 'open',
  pin: startPin = '270914',
  clock = () => new Date(),
  saveMs = 0,
  storage,
  ...options
}: FakePhoneOptions): FakePhone {
  const round: Round = { ...fakeRound, ...options.round }
  const open: PhoneState = { kind: 'open', device: 'fake', round, assigned: [], questionnaire }
  const locked: PhoneState = { kind: 'locked', waitSeconds: 0, attemptsLeft: 10 }
  const drafts = new Map<string, Draft>(JSON.parse(storage?.getItem(shelf) ?? '[]') as [string, Draft][])
  const completed: Draft[] = []
  let records = [...(options.records ?? [])]
  let state: PhoneState = startState(start, open, locked, options.left)
  let pin = startPin
  let fails = false
  let count = 0
  let sync: SyncState = { running: false, onThisPhone: 0, sent: 41, lastSuccess: null, trouble: null }
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const to = (next: PhoneState) => {
    state = next
    tell()
  }
  const write = (draft: Draft) => {
    drafts.set(draft.id, draft)
    storage?.setItem(shelf, JSON.stringify([...drafts]))
  }
  const need = (id: string): Draft => {
    const draft = drafts.get(id)
    if (!draft) throw Object.assign(new Error('no draft'), { code: 'phone.no-draft' })
    return draft
  }
  const labelOf = ({ answers }: Draft) => (typeof answers.A02 === 'string' ? answers.A02 : '')

  return {
    drafts,
    completed,
    failSaving(next) {
      fails = next
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async enrol(link, chosen) {
      if (link.endsWith('=used')) throw Object.assign(new Error('used'), { code: 'sync.link-used' })
      pin = chosen
      to(open)
    },
    async unlock(typed) {
      if (typed === pin) to(open)
      else to({ kind: 'locked', waitSeconds: 0, attemptsLeft: state.kind === 'locked' ? state.attemptsLeft - 1 : 10 })
      return typed === pin
    },
    async lock() {
      to(locked)
    },
    async changePin(oldPin, newPin) {
      if (oldPin !== pin) return false
      pin = newPin
      return true
    },
    async startDraft({ area, practice, kind = 'interview', replaces }) {
      const now = localTime(clock())
      const form = createForm(questionnaire, { today: now.slice(0, 10), now, settings: round.settings })
      count += 1
      const draft: Draft = {
        id: `r:fake:${clock().getTime()}-${count}`,
        kind,
        ...(replaces !== undefined && { replaces }),
        questionnaire: { id: questionnaire.id, version: questionnaire.version, sha256: questionnaire.sha256 },
        area,
        started: now,
        updated: now,
        answers: form.start(),
        place: { screen: 'question', at: { name: '' } },
        interfaceLanguage: 'en',
        questionLanguage: questionnaire.defaultLanguage,
        overrides: [],
        secondsByQuestion: {},
        edits: 0,
        interruptions: 0,
        practice,
      }
      write(draft)
      tell()
      return draft
    },
    openDraft: async (id) => need(id),
    async saveDraft(draft) {
      if (saveMs > 0) await new Promise((resolve) => setTimeout(resolve, saveMs))
      if (fails) throw Object.assign(new Error('full'), { code: 'keep.full' })
      write(draft)
    },
    async discardDraft(id) {
      drafts.delete(id)
      storage?.setItem(shelf, JSON.stringify([...drafts]))
      tell()
    },
    async completeDraft(draft) {
      completed.push(draft)
      drafts.delete(draft.id)
      storage?.setItem(shelf, JSON.stringify([...drafts]))
      if (!draft.practice) {
        records = [
          ...records,
          {
            id: draft.id,
            state: 'saved',
            label: labelOf(draft),
            area: draft.area,
            updated: draft.updated,
            practice: false,
            reasons: [],
            withdrawalCode: 'K7M2-9QXD',
          },
        ]
        sync = { ...sync, onThisPhone: sync.onThisPhone + 1 }
      }
      tell()
      return { id: draft.id, withdrawalCode: 'K7M2-9QXD' }
    },
    async correct(id) {
      const kept = new Map(JSON.parse(storage?.getItem(copies) ?? '[]') as [string, Draft][])
      const done = completed.find((draft) => draft.id === id) ?? kept.get(id)
      if (!done) throw Object.assign(new Error('no copy'), { code: 'phone.no-copy' })
      return { ...done, id: `${id}-c`, kind: 'correction', replaces: id }
    },
    async withdraw(id) {
      records = records.map((record) => (record.id === id ? { ...record, state: 'withdrawn' } : record))
      tell()
    },
    records: () => [
      ...[...drafts.values()].map(
        (draft): RecordSummary => ({
          id: draft.id,
          state: 'draft',
          label: labelOf(draft),
          area: draft.area,
          updated: draft.updated,
          practice: draft.practice,
          reasons: [],
          isListed: draft.visits === 0,
          ...(draft.appointment && { appointment: draft.appointment }),
          ...(draft.torn && { torn: draft.torn }),
        }),
      ),
      ...records,
    ],
    notices: () => options.notices ?? [],
    async sync() {
      sync = { ...sync, sent: sync.sent + sync.onThisPhone, onThisPhone: 0, lastSuccess: localTime(clock()) }
      tell()
      return sync
    },
    syncState: () => sync,
    recordings: async () => [],
    recordingsPart: async () => new Uint8Array(),
    questionnaireOf: async () => questionnaire,
    room: async () => ({ persisted: true, freeBytes: 2e9, interviewsLeft: 5000, mayStart: true, isShort: false }),
    isUpdateWaiting: () => false,
    activateUpdate: async () => {},
    async startAgain(_, chosen) {
      pin = chosen
      drafts.clear()
      to(open)
    },
    backup: async () => new Uint8Array(),
    restore: async () => ({ drafts: 0, records: 0 }),
    handOver: async () => ({ records: 2, file: new Uint8Array(40), qr: ['TALA:0a1b2c3d:1:2:QUJD', 'TALA:0a1b2c3d:2:2:REVG'] }),
    receive: async () => ({ id: 'a', device: 'other', records: 3, received: localTime(clock()), refused: false }),
    carried: async () => [
      { id: 'a', device: 'other', records: 3, received: localTime(clock()), refused: false },
      { id: 'b', device: 'another', records: 1, received: localTime(clock()), refused: true },
    ],
    askServer: async () => {},
    dropCarried: async () => {},
    forgottenPinKeeps: async () => true,
    checkDevice: async () => [
      { key: 'check.storage-room', state: 'good', facts: { megabytes: 2000, interviews: 5000 }, advice: null },
      { key: 'check.installed', state: 'warning', facts: {}, advice: 'check.installed.warning' },
      { key: 'check.clock', state: 'bad', facts: { minutes: 800 }, advice: 'check.clock.bad' },
      { key: 'check.battery', state: 'unknown', facts: {}, advice: 'check.battery.unknown' },
    ],
  }
}
