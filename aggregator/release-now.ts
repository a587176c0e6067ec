import { canonicalJson } from '../schemas/canonical.ts'
import policy from '../schemas/disclosure.json' with { type: 'json' }
import { createHash } from 'node:crypto'
import { rulesBehind } from './indicators/rules-behind.ts'
import { loadDefinitions } from './indicators/load-definitions.ts'
import type { Office } from './open-office.ts'
import { ProblemError } from './problem.ts'
import { isPublic } from './releases/approval.ts'
import { makeRelease, type ReleaseMaterials } from './releases/make-release.ts'
import { listReleases, openRelease } from './releases/open-release.ts'

/** Everything a release of a round is made from; default: the current one. */
export async function releaseMaterials(office: Office, roundId?: string): Promise<ReleaseMaterials> {
  const round = await office.round(roundId)
  const questionnaire = await office.questionnaire(round.questionnaire)
  if (!questionnaire) throw new ProblemError('unknown-questionnaire', 'Publish the questionnaire of the round first.')
  if (await office.design(round.id))
    throw new ProblemError(
      'invalid-request',
      `The round ${round.id} has a sample design, and weighted figures cannot be protected yet. Use its working tables.`,
    )
  const definitions = await loadDefinitions()
  const followed = await rulesBehind(office, { round, questionnaire })
  return {
    dataFolder: office.config.dataFolder,
    warehouse: office.warehouse,
    keys: office.keys,
    audit: office.audit,
    round,
    questionnaire,
    definitions,
    ruleVersions: {
      indicators: createHash('sha256').update(canonicalJson(definitions)).digest('hex').slice(0, 16),
      disclosure: policy.version,
      // More than one while a round is not computed again after its rules changed.
      derived: followed.map(({ version }) => version).join(' '),
    },
    followed,
    now: office.now(),
  }
}

/** Makes the next release of the round, as a draft, and says in a sentence what was made. */
export async function releaseNow(office: Office): Promise<string> {
  const { release } = await makeRelease(await releaseMaterials(office))
  const { cells, published, withheld } = release.manifest.protection
  return `Release ${release.id}: ${published} of ${cells} figures published, ${withheld} withheld. It is a draft: readers see it when two people have signed its risk report.`
}

/** The day of a round's first public release, and the dimensions of each table of its newest: what the survey tells about itself. */
export async function publishedOf({ config, keys }: Office, round: string) {
  const all = (await listReleases(config.dataFolder)).filter((manifest) => manifest.round === round)
  const out = await Promise.all(all.map(({ id }) => isPublic(config.dataFolder, id)))
  const made = all.filter((_, at) => out[at])
  const newest = made[0] ? await openRelease(config.dataFolder, made[0].id, keys) : undefined
  return {
    firstDay: made.at(-1)?.published.slice(0, 10) ?? null,
    tables: (newest?.tables ?? []).map(({ dimensions }) => ({ dimensions: dimensions.map(({ id }) => id) })),
  }
}
