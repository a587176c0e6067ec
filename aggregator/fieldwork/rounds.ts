import { randomUUID } from 'node:crypto'
import type { Area, Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'

export interface Deployment {
  /** Replication checkpoints are named after it: it never changes. */
  readonly uuid: string
  readonly name: string
  /** Id of the round that new phones join; null before the first. */
  readonly round: string | null
}

export interface FirstRound {
  readonly questionnaire: Questionnaire
  readonly areas: readonly Area[]
  readonly today: Date
  readonly settings?: Round['settings']
}

/** Who this server is; made once, at its first start. */
export async function openDeployment(office: DocumentStore, name = 'Tala'): Promise<Deployment> {
  const found = await office.get('deployment')
  if (found) return asDeployment(found)
  try {
    await office.put({ _id: 'deployment', schema: 'deployment/1', uuid: randomUUID(), name, round: null })
  } catch (error) {
    // Two gateways started together: the other one's answer holds.
    if (!(error instanceof ProblemError && error.type === 'conflict')) throw error
  }
  return openDeployment(office, name)
}

/** Publishes the questionnaire and opens the first round; later starts find it and change nothing. */
export async function ensureFirstRound(office: DocumentStore, config: DocumentStore, first: FirstRound): Promise<Round> {
  const { round } = await openDeployment(office)
  if (round !== null) return getRound(office, round)
  await publishQuestionnaire(config, first.questionnaire)
  return openRound(office, firstRound(first))
}

function firstRound({ questionnaire: { id, version, sha256 }, areas, today, settings = {} }: FirstRound): Round {
  const day = (daysLater: number) => new Date(today.getTime() + daysLater * 86_400_000).toISOString().slice(0, 10)
  return {
    schema: 'round/1',
    id: day(0).slice(0, 7),
    title: `Round of ${day(0).slice(0, 7)}`,
    questionnaire: { id, version, sha256 },
    referenceDay: day(0),
    starts: day(0),
    ends: day(180),
    settings,
    areas: [...areas],
  }
}

/** Stores a round and makes it the one that new phones join. */
export async function openRound(office: DocumentStore, round: Round): Promise<Round> {
  const before = await office.get(`round:${round.id}`)
  await office.put({ ...round, _id: `round:${round.id}`, ...(before ? { _rev: before._rev } : {}) })
  await openDeployment(office)
  const deployment = await office.get('deployment')
  if (deployment) await office.put({ ...deployment, round: round.id })
  return round
}

/** @throws ProblemError `unknown-round`. */
export async function getRound(office: DocumentStore, id: string): Promise<Round> {
  const found = await office.get(`round:${id}`)
  if (!found) throw new ProblemError('unknown-round', 'No round with this id was opened on this server.')
  return asRound(found)
}

export async function listRounds(office: DocumentStore): Promise<readonly Round[]> {
  return (await office.list('round:')).map(asRound)
}

/** Puts a questionnaire where phones pull it. A published version never changes. */
export async function publishQuestionnaire(config: DocumentStore, questionnaire: Questionnaire): Promise<void> {
  const id = `questionnaire:${questionnaire.id}:${questionnaire.version}`
  const published = await config.get(id)
  if (!published) {
    await config.put({ _id: id, schema: 'questionnaire-document/1', questionnaire })
    return
  }
  const same = (published['questionnaire'] as Questionnaire).sha256 === questionnaire.sha256
  if (!same)
    throw new ProblemError(
      'conflict',
      `Version ${questionnaire.version} of ${questionnaire.id} is published with other content; give the change a new version.`,
    )
}

function asRound({ _id, _rev, ...round }: StoredDocument): Round {
  return round as unknown as Round
}

function asDeployment({ uuid, name, round }: StoredDocument): Deployment {
  return { uuid: String(uuid), name: String(name), round: typeof round === 'string' ? round : null }
}
