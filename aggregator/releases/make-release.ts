import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import { defaultPolicy, type IndicatorRule } from '../disclosure/policy.ts'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { protectTables } from '../disclosure/protect-tables.ts'
import type { Indicator } from '../indicators/definition.ts'
import { answersOf } from '../indicators/dimensions.ts'
import { rulesMark } from '../indicators/changed-rules.ts'
import { tabulate } from '../indicators/tabulate.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { countHomes, standingHomes } from './counted-homes.ts'
import { earlierVintages, listReleases } from './open-release.ts'
import { publish } from './publish.ts'
import type { NamedDimensions, Release, ReleasedIndicator } from './release.ts'

export interface ReleaseMaterials {
  readonly dataFolder: string
  readonly warehouse: Pick<Warehouse, 'read'>
  readonly keys: KeyProvider
  readonly audit: AuditChain
  readonly round: Round
  readonly questionnaire: Questionnaire
  readonly definitions: readonly Indicator[]
  /** Every version of the questionnaire whose rules made derived variables of the round. */
  readonly followed: readonly Questionnaire[]
  readonly ruleVersions: Readonly<Record<string, string>>
  readonly now: Date
}

export interface MadeRelease {
  readonly release: Release
  /** How many indicators the release tabulates. */
  readonly indicators: number
  readonly seconds: { readonly tabulate: number; readonly protect: number }
}

export interface ReleaseOptions {
  /** Default: the round and the next number. */
  readonly id?: string
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly indicator: string }) => void
}

/** Tabulates the round, protects everything the plan names, freezes it: the only way from the warehouse to the public. */
export async function makeRelease(materials: ReleaseMaterials, { id, onProgress }: ReleaseOptions = {}): Promise<MadeRelease> {
  const { dataFolder, warehouse, keys, audit, round, questionnaire, definitions, followed, ruleVersions, now } = materials
  const release = id ?? (await nextId(dataFolder, round.id))
  const started = performance.now()
  const earlier = await earlierVintages(dataFolder, round.id)
  const { tables, homes } = await warehouse.read(async (connection) => ({
    homes: await countHomes(connection, round.id, earlier[0]?.homes),
    tables: await tabulate(connection, {
      indicators: definitions,
      questionnaire,
      round,
      by: ['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS'],
    }),
  }))
  const tabulated = performance.now()
  const made = await protectTables(tables, {
    release,
    indicators: rulesOf(definitions),
    earlier,
    ...(homes.changed ? { changed: homes.changed } : {}),
    ...(onProgress ? { onProgress } : {}),
  })
  const { id: questionnaireId, version, sha256 } = questionnaire
  await audit.append({ actor: 'release', action: 'publish', subject: `release:${release}`, facts: { tables: made.tables.length } })
  const published = await publish({
    dataFolder,
    round: { id: round.id, title: round.title },
    plan: defaultPolicy.plan,
    made: { ...made, memory: { ...made.memory, homes: standingHomes(homes.counted, earlier[0]?.homes, made.report.carried) } },
    keys,
    questionnaires: [{ id: questionnaireId, version, sha256 }],
    ruleVersions,
    indicators: definitions.map((each) => releasedIndicator(each, followed)),
    areas: Object.fromEntries([['_T', round.areas[0]?.name ?? ''], ...round.areas.map(({ code, name }) => [code, name])]),
    dimensions: namesOf(made.tables, questionnaire),
    auditHead: audit.head(),
    now,
  })
  const seconds = (from: number, to: number) => Number(((to - from) / 1000).toFixed(3))
  return {
    release: published,
    indicators: new Set(made.tables.map(({ indicator }) => indicator)).size,
    seconds: { tabulate: seconds(started, tabulated), protect: seconds(tabulated, performance.now()) },
  }
}

async function nextId(dataFolder: string, round: string): Promise<string> {
  const numbers = (await listReleases(dataFolder))
    .filter((each) => each.round === round)
    .map(({ id }) => Number(/-r(\d+)$/.exec(id)?.[1] ?? 0))
  return `${round}-r${Math.max(0, ...numbers) + 1}`
}

function namesOf(tables: readonly ProtectedTable[], questionnaire: Questionnaire): NamedDimensions {
  const ids = new Set(tables.flatMap(({ dimensions }) => dimensions.map(({ id }) => id)))
  return Object.fromEntries(
    [...ids].flatMap((id) => {
      const named = answersOf(id, questionnaire)
      return named ? [[id, named]] : []
    }),
  )
}

export function rulesOf(definitions: readonly Indicator[]): ReadonlyMap<string, IndicatorRule> {
  return new Map(
    definitions.map(({ definition }) => {
      const { id, unit, minimumRespondents, restricted, universe, numerator, per, impossible } = definition
      return [
        id,
        { id, unit, minimumRespondents, restricted: restricted === true, universe, numerator, per, ...(impossible ? { impossible } : {}) },
      ]
    }),
  )
}

function releasedIndicator(indicator: Indicator, followed: readonly Questionnaire[]): ReleasedIndicator {
  const { id, version, title, label, unit, universeLabel, class: kind, source, gcm, sdg } = indicator.definition
  const rules = rulesMark(indicator, followed)
  return {
    id,
    version,
    rules,
    title,
    label,
    unit,
    universe: universeLabel.en ?? '',
    universeLabel,
    class: kind,
    source,
    gcm,
    sdg: sdg ?? null,
  }
}
