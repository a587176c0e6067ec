import type { Area, Round, SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Stores } from '../inbox/open-stores.ts'
import { release, type QuarantinedRecord } from '../inbox/quarantine.ts'
import { ProblemError } from '../problem.ts'
import { designOf, storeDesign } from './designs.ts'
import { listDevices, notSeenFor, revokeDevice, type Device } from './devices.ts'
import { enrolmentLink } from './enrolment-link.ts'
import { failuresOf, type Failure } from './failures.ts'
import { invite, type InvitationRequest } from './invitations.ts'
import { type Listing, listingOf, storeListing } from './listings.ts'
import { type ReconciliationReport, reconciliations } from './reconciliations.ts'
import { type AddedRecordings, addRecordings } from './recordings.ts'
import { getRound, listRounds, openDeployment, openRound, publishQuestionnaire } from './rounds.ts'

export interface MadeInvitation {
  /** Opens on one phone, once, within 24 hours. */
  readonly link: string
  readonly expires: string
  readonly areas: readonly string[]
}

export interface RoundToOpen {
  readonly round: Omit<Round, 'schema' | 'questionnaire' | 'areas'>
  readonly questionnaire: Questionnaire
  readonly areas: readonly Area[]
}

export type DeviceLine = Pick<Device, 'id' | 'role' | 'round' | 'areas' | 'state' | 'enrolled' | 'lastSeen'> & {
  readonly revokedWhy: string | null
}

export type QuarantineLine = Pick<QuarantinedRecord, '_id' | 'device' | 'received' | 'reasons'>

/** What supervisors and administrators do with phones and rounds. Everything in and out is plain JSON. */
export interface Office {
  invite(request: InvitationRequest): Promise<MadeInvitation>
  devices(request: { readonly silentDays?: number }): Promise<readonly DeviceLine[]>
  failures(request: { readonly device: string }): Promise<readonly Failure[]>
  revoke(request: { readonly device: string; readonly why: string }): Promise<DeviceLine>
  rounds(request: object): Promise<{ readonly current: string | null; readonly rounds: readonly Round[] }>
  openRound(request: RoundToOpen): Promise<Round>
  /** How a round was drawn; null for a plain census. */
  design(request: { readonly round: string }): Promise<{ readonly design: SampleDesign | null }>
  setDesign(request: SampleDesign): Promise<SampleDesign>
  /** Homes listed by area; of no area when no listing was given. */
  listing(request: { readonly round: string }): Promise<Listing>
  setListing(request: Listing): Promise<Listing>
  /** Comparisons of inbox and warehouse, the newest first. */
  reconciliations(request: object): Promise<readonly ReconciliationReport[]>
  quarantine(request: object): Promise<readonly QuarantineLine[]>
  /** @param request.pack the tar file, base64. */
  addRecordings(request: { readonly pack: string }): Promise<AddedRecordings>
  release(request: { readonly ids: readonly string[] }): Promise<{ readonly released: number }>
}

export interface OfficeDependencies {
  readonly stores: Pick<Stores, 'office' | 'config' | 'inbox' | 'quarantine'>
  readonly publicUrl: string
  readonly now: () => Date
}

export function officeOf({ stores, publicUrl, now }: OfficeDependencies): Office {
  const { office, config, inbox, quarantine } = stores
  return {
    async invite(request) {
      const { code, expires, areas } = await invite(office, request, now())
      return { link: enrolmentLink(publicUrl, code), expires: expires.toISOString(), areas }
    },
    async devices({ silentDays }) {
      const found = silentDays === undefined ? await listDevices(office) : await notSeenFor(office, silentDays, now())
      return found.map(asLine)
    },
    failures: ({ device }) => failuresOf(office, device),
    revoke: async ({ device, why }) => asLine(await revokeDevice(office, device, why, now())),
    async rounds() {
      const { round: current } = await openDeployment(office)
      return { current, rounds: await listRounds(office) }
    },
    async openRound({ round, questionnaire, areas }) {
      await publishQuestionnaire(config, questionnaire)
      const { id, version, sha256 } = questionnaire
      await openRound(office, { ...round, schema: 'round/1', questionnaire: { id, version, sha256 }, areas: [...areas] })
      return getRound(office, round.id)
    },
    async design({ round }) {
      await getRound(office, round)
      return { design: await designOf(office, round) }
    },
    setDesign: (design) => storeDesign(office, design),
    async listing({ round }) {
      await getRound(office, round)
      return { round, homes: Object.fromEntries(await listingOf(office, round)) }
    },
    setListing: (listing) => storeListing(office, listing),
    reconciliations: () => reconciliations(office),
    async quarantine() {
      const { changes } = await quarantine.changes(null, 10_000)
      return changes.filter(({ deleted }) => !deleted).map(({ document }) => asQuarantineLine(document as QuarantinedRecord))
    },
    async addRecordings({ pack }) {
      const { round } = await openDeployment(office)
      if (round === null) throw new ProblemError('unknown-round', 'Open a round first: tala round open.')
      const { questionnaire } = await getRound(office, round)
      const published = await config.get(`questionnaire:${questionnaire.id}:${questionnaire.version}`)
      if (!published) throw new ProblemError('unknown-round', 'The questionnaire of the round is not here; open the round again.')
      return addRecordings(office, published['questionnaire'] as Questionnaire, Buffer.from(pack, 'base64'))
    },
    release: async ({ ids }) => ({ released: await release(ids, quarantine, inbox) }),
  }
}

function asLine({ id, role, round, areas, state, enrolled, lastSeen, revoked }: Device): DeviceLine {
  return { id, role, round, areas, state, enrolled, lastSeen, revokedWhy: revoked?.why ?? null }
}

function asQuarantineLine({ _id, device, received, reasons }: QuarantinedRecord): QuarantineLine {
  return { _id, device, received, reasons }
}
