import { createHash } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../../aggregator/config.ts'
import { custodyOf } from '../../../aggregator/custodian/custody.ts'
import { type Office, openOffice } from '../../../aggregator/open-office.ts'
import { releaseMaterials } from '../../../aggregator/release-now.ts'
import { makeRelease } from '../../../aggregator/releases/make-release.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Interview } from '../../../schemas/interview/interview.ts'
import { roundContext } from '../../../schemas/interview/round-context.ts'
import { finishVisit } from '../../simulation/door.ts'
import { interview } from '../../simulation/interviewer.ts'
import { type Household, makeHousehold } from '../../simulation/people.ts'
import { createRandom, type Random } from '../../simulation/random.ts'

export const barangays = ['9901001000', '9901002000', '9901003000', '9901004000'] as const
const areasCsv = [
  'code,name,level,parent',
  '9900000000,Province,province,',
  '9901000000,Town,municipality,9900000000',
  ...barangays.map((code, at) => `${code},Barangay ${at + 1},barangay,9901000000`),
].join('\n')

/** Everybody, homes, a group that counts, papers, school, reasons to move: each kind of table, few enough to be protected in a second. */
const indicators = ['POP01', 'MIG03', 'MIG04', 'CBM02', 'DOC02', 'MIG08']
const clock = () => new Date('2026-11-10T09:00:00Z')
const today = { year: 2026, month: 11 }
const silent = { info() {}, warn() {}, error() {} }

export interface Visited {
  readonly household: Household
  readonly record: Interview
  /** On the slip that was left at the door. */
  readonly code: string
  readonly seed: number
}

/** The data folder of an office that is closed, to be copied for each trial. */
export interface Town {
  readonly folder: string
  readonly visited: readonly Visited[]
}

export type Change = 'withdrawn' | 'moved' | 'corrected'

export function openTown(folder: string): Promise<Office> {
  return openOffice(parseConfig({ TALA_DATA: folder, TALA_PORT: '0', TALA_LOG_LEVEL: 'silent' }), { log: silent, now: clock, areasCsv })
}

/**
 * A town is interviewed, sealed, taken in and released for the first time; one home is a family of thirteen.
 * @param write what the enumerator adds to the interview of a home.
 */
export async function firstTown(
  seed: number,
  households: number,
  write: (record: Interview, at: number) => Interview = (record) => record,
): Promise<Town> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-vintages-'))
  const random = createRandom(seed)
  const office = await openTown(folder)
  try {
    const homes = Array.from({ length: households }, (_, at) => home(random, barangays[at % barangays.length] ?? '', `${at}`))
    const [family, ...rest] = homes
    if (!family) throw new RangeError('A town has homes.')
    const relatives = rest.flatMap(({ people }) => people.filter(({ relationship }) => relationship === '03')).slice(0, 13)
    const large = { ...family, people: [...family.people, ...relatives.map((each) => ({ ...each, relationship: '08' }))].slice(0, 13) }
    const visited = await visit(
      office,
      [large, ...rest].map((household, at) => ({ household, seed: seed + 1 + at, write: (record: Interview) => write(record, at) })),
    )
    await release(office)
    return { folder, visited }
  } finally {
    await office.close()
  }
}

/** The same town some months later: enough new homes in the first barangay that its figures are new ones. */
export async function grownTown(town: Town, seed: number, newcomers: number): Promise<Town> {
  const folder = await copyOf(town.folder)
  const random = createRandom(seed)
  const office = await openTown(folder)
  try {
    const homes = Array.from({ length: newcomers }, (_, at) => ({
      household: home(random, barangays[0], `new-${at}`),
      seed: seed + 1 + at,
    }))
    await visit(office, homes)
    return { folder, visited: town.visited }
  } finally {
    await office.close()
  }
}

function home(random: Random, area: string, number: string): Household {
  return { ...makeHousehold(random, { area, number }, today), agrees: true }
}

/** Makes the next planned release of a few indicators, by the only way there is. */
export async function release(office: Office): Promise<{ readonly id: string; readonly carried: readonly string[] }> {
  const materials = await releaseMaterials(office)
  const definitions = materials.definitions.filter(({ definition }) => indicators.includes(definition.id))
  const { release: made } = await makeRelease({ ...materials, definitions })
  return { id: made.id, carried: made.carried ?? [] }
}

export async function copyOf(folder: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'tala-vintages-'))
  await cp(folder, copy, { recursive: true })
  return copy
}

export const removeTown = ({ folder }: Pick<Town, 'folder'>): Promise<void> => rm(folder, { recursive: true, force: true })

interface Door {
  readonly household: Household
  readonly seed: number
  readonly change?: Partial<Interview>
  readonly write?: (record: Interview) => Interview
}

/** Interviews, seals, puts into the inbox and takes in; every one must be accepted. */
async function visit(office: Office, doors: readonly Door[]): Promise<readonly Visited[]> {
  const round = await office.round()
  const questionnaire = await office.questionnaire(round.questionnaire)
  if (!questionnaire) throw new TypeError('An office that was opened has the questionnaire of its round.')
  const started = '2026-11-10T08:00:00+08:00'
  const form = createForm(questionnaire, roundContext(round, started.slice(0, 10), started))
  const keys = (['seal-answers', 'seal-identity'] as const).map((purpose) => {
    const { kid, publicJwk = {} } = office.keys.current(purpose)
    return { purpose, kid, jwk: publicJwk }
  })
  const sealer = await createSealer(questionnaire, keys)
  const enrolment = { round, deviceId: 'device01', keys }
  const visited: Visited[] = []
  const sealed: SealedRecord[] = []
  for (const { household, seed, change = {}, write = (record: Interview) => record } of doors) {
    const random = createRandom(seed)
    let row = 0
    const answers = interview(form, household, { today, homeCountry: 'PHL', random }, () => `row${String(++row).padStart(9, '0')}`)
    const languages = { interface: 'en', questions: 'en' }
    const scene = { form, questionnaire, enrolment, area: household.area, started, finished: '2026-11-10T08:45:00+08:00', languages }
    const { interview: record, identity, code } = finishVisit(scene, answers)
    const sent = { ...write(record), ...change }
    sealed.push(await sealer.seal(sent, identity))
    visited.push({ household, record: sent, code, seed })
  }
  await office.stores.inbox.bulkWrite(
    sealed.map((record) => ({ ...record, _rev: `1-${createHash('md5').update(record._id).digest('hex')}` })),
  )
  const { accepted } = await office.ingest.once()
  if (accepted !== doors.length) throw new RangeError(`${accepted} of ${doors.length} made-up interviews were accepted.`)
  return visited
}

/** One life goes on: the household takes its interview back, moves to another barangay, or what was written down is corrected. */
export async function happen(office: Office, change: Change, { household, record, code, seed }: Visited, random: Random): Promise<void> {
  if (change === 'withdrawn') {
    const { kind } = await custodyOf(office).withdraw({ code })
    if (kind !== 'erased') throw new RangeError('The interview to be withdrawn was not there.')
    return
  }
  const correction = { kind: 'correction' as const, replaces: record.id }
  const elsewhere = barangays.filter((code_) => code_ !== household.area)
  const now = change === 'moved' ? { ...household, area: random.pick(elsewhere) } : corrected(household, random)
  await visit(office, [{ household: now, seed, change: correction }])
}

/** Somebody came back from abroad after all, or lived here always; somebody is of the other sex. */
function corrected(household: Household, random: Random): Household {
  const at = random.whole(0, household.people.length - 1)
  const people = household.people.map((person, index) => {
    if (index !== at) return person
    if (person.age < 21 || random.chance(0.3)) return { ...person, sex: person.sex === 'F' ? ('M' as const) : ('F' as const) }
    return person.history.kind === 'local'
      ? {
          ...person,
          history: { kind: 'returned' as const, country: 'SAU', monthsAgo: 12, jobStartedMonthsAgo: 30, reason: '12' },
        }
      : { ...person, history: { kind: 'local' as const } }
  })
  return { ...household, people }
}
