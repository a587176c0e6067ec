import type { Form, FormContext } from '../../schemas/interview/form.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { roundContext } from '../../schemas/interview/round-context.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { RecordingsOffer } from '../../schemas/recordings/recordings.ts'
import { createDevice, type Device, type DeviceEnvironment } from '../sync/device.ts'
import { createSealer, type Sealer } from '../vault/seal-record.ts'
import { type Drafts, openDrafts } from './drafts.ts'
import { encryptedItems, encryptedLedger, type EncryptedShelf, encryptedShelf } from './encrypted.ts'
import type { Keep } from './keep.ts'
import { type Copy, type Finishing, finishInterrupted } from './finish.ts'
import { openSpares } from './spares.ts'
import { relist } from './start-again.ts'
import type { SupervisorComment } from './supervisor-words.ts'

/** What exists only while the vault is open; dropped as a whole when it locks. */
export interface OpenParts {
  readonly device: Device
  readonly finishing: Finishing
  readonly drafts: Drafts
  readonly copies: EncryptedShelf<Copy>
  /** What the supervisor gave this phone; undefined before the first sync. */
  assignment(): Promise<Assignment | undefined>
  comments(): Promise<readonly SupervisorComment[]>
  /** Packs of recordings that the server offers for the round. */
  recordings(): Promise<readonly RecordingsOffer[]>
  questionnaire(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire>
  formOf(questionnaire: Questionnaire, now: number, round: Round): Form
  sealer(questionnaire: Questionnaire): Promise<Sealer>
}

export interface Assignment {
  /** Areas it works in, with everything below them. */
  readonly areas: readonly string[]
  /** Who carries the phone is trained in safe interviewing. */
  readonly certified: boolean
}

export type CreateForm = (questionnaire: Questionnaire, context: FormContext) => Form

/** Reads and decrypts everything the open phone needs, and finishes what an earlier run began. */
export async function openParts(
  key: CryptoKey,
  environment: Omit<DeviceEnvironment, 'ledger' | 'items'> & { readonly createForm: CreateForm; readonly changed: () => void },
): Promise<OpenParts> {
  const { keep, now, changed, createForm } = environment
  const drafts = await openDrafts(keep, key)
  const copies = encryptedShelf<Copy>(keep, key, 'copies')
  const ledger = await encryptedLedger(keep, key, changed)
  const device = createDevice({ ...environment, ledger, items: encryptedItems(keep, key) })
  const finishing: Finishing = { keep, outbox: device.outbox, drafts, copies, ledger, spares: openSpares(), now }
  await dropSettledCopies(keep, finishing)
  await relist(finishing)
  await finishInterrupted(finishing)
  const items = encryptedShelf<{ readonly kind: string; readonly body: unknown }>(keep, key, 'items')
  const sealers = new Map<string, Promise<Sealer>>()
  return {
    device,
    finishing,
    drafts,
    copies,
    assignment: async () => (await items.all()).find(({ kind }) => kind === 'assignment')?.body as Assignment | undefined,
    comments: async () => (await items.all()).filter(({ kind }) => kind === 'comment').map(({ body }) => body as SupervisorComment),
    recordings: async () => (await items.all()).filter(({ kind }) => kind === 'recordings').map(({ body }) => body as RecordingsOffer),
    questionnaire: (reference) => questionnaireOn(keep, reference),
    formOf: (questionnaire, time, round) => createForm(questionnaire, roundContext(round, localIso(time).slice(0, 10), localIso(time))),
    async sealer(questionnaire) {
      const keys = (await device.enrolment())?.keys ?? []
      const name = [questionnaire.sha256, ...keys.map(({ kid }) => kid)].join(' ')
      const made = sealers.get(name) ?? createSealer(questionnaire, keys)
      sealers.set(name, made)
      return await made
    },
  }
}

async function questionnaireOn(keep: Keep, { id, version }: { readonly id: string; readonly version: string }): Promise<Questionnaire> {
  const questionnaire = await keep.get<Questionnaire>('questionnaires', `${id}:${version}`)
  if (!questionnaire) throw new Error(`The questionnaire ${id} version ${version} is not on this phone.`)
  return questionnaire
}

/** Once the server has accepted a record, or its correction, the phone forgets the answers and keeps the summary line. */
export async function dropSettledCopies(keep: Keep, { ledger, copies }: Pick<Finishing, 'ledger' | 'copies'>): Promise<void> {
  const settled = (await ledger.all()).filter(({ state }) => state === 'accepted' || state === 'withdrawn')
  const gone = new Set(settled.flatMap(({ id, replaces }) => [id, ...(replaces === undefined ? [] : [replaces])]))
  const kept = (await keep.ids('copies')).filter((id) => gone.has(id))
  await keep.write(kept.map((id) => copies.remove(id)))
}

/** Local time with offset, such as `2026-03-01T08:15:00+08:00`. */
export function localIso(time: number): string {
  const offset = -new Date(time).getTimezoneOffset()
  const local = new Date(time + offset * 60_000).toISOString().slice(0, 19)
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(Math.abs(offset) % 60)}`
}
