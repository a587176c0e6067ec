import { defaultPolicy } from '../../aggregator/disclosure/policy.ts'
import { protectTables } from '../../aggregator/disclosure/protect-tables.ts'
import type { WorkingTable } from '../../aggregator/indicators/working-table.ts'
import type { Office } from '../../aggregator/open-office.ts'
import { openToPublic } from '../../aggregator/releases/approval.ts'
import { publish } from '../../aggregator/releases/publish.ts'
import type { Release, ReleasedIndicator } from '../../aggregator/releases/release.ts'

/** Protects working tables by the real engine and publishes them in a real office, as `makeRelease` does after tabulating; approved at once. */
export async function publishTables(
  office: Pick<Office, 'config' | 'keys'>,
  tables: readonly WorkingTable[],
  { id = '2026-r1', areas }: { readonly id?: string; readonly areas: Readonly<Record<string, string>> },
): Promise<Release> {
  const made = await protectTables(tables, { release: id, indicators: new Map() })
  const release = await publish({
    dataFolder: office.config.dataFolder,
    round: { id: '2026', title: 'Round of 2026' },
    plan: defaultPolicy.plan,
    made,
    keys: office.keys,
    questionnaires: [{ id: 'household', version: '1', sha256: 'ab' }],
    ruleVersions: { indicators: '1', disclosure: '1' },
    indicators: tables.map(({ indicator, type }) => describedAs(indicator, type === 'count' ? 'persons' : 'percent')),
    areas,
    auditHead: null,
    now: new Date('2026-11-21T10:00:00Z'),
  })
  await openToPublic(office.config.dataFolder, id, [{ who: 'a test', at: '2026-11-21' }])
  return release
}

function describedAs(id: string, unit: string): ReleasedIndicator {
  return {
    id,
    version: '1.0.0',
    title: { en: `Title of ${id}` },
    label: { en: `Of every 100 people living here, how many are in ${id}?` },
    unit,
    universe: 'people living here',
    class: 'own',
    source: 'made up',
    gcm: [1],
  }
}
