// One life of an office that computes a round again. The test ends it earlier: by its clock, or when the audit chain has the entry.
import { join } from 'node:path'
import { recomputeRound } from '../../../aggregator/custodian/recompute.ts'
import { openAuditChain } from '../../../aggregator/custody/audit-chain.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { homeRound, homeSurvey, laterHomeSurvey } from '../ingest/home-survey.ts'

const [folder = '', end = ''] = process.argv.slice(2)
const chain = await openAuditChain(join(folder, 'audit.jsonl'), await openKeyring(join(folder, 'keyring')))
const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
const audit = {
  ...chain,
  append: async (event: Parameters<typeof chain.append>[0]) => {
    const entry = await chain.append(event)
    if (end === 'at the entry') process.kill(process.pid, 'SIGKILL')
    return entry
  },
}
process.stdout.write('ready\n')
await recomputeRound(
  {
    warehouse,
    audit,
    round: async () => homeRound,
    questionnaire: async ({ version }) => [homeSurvey, laterHomeSurvey()].find((each) => each.version === version),
  },
  { round: homeRound.id, rules: '2', dryRun: false },
)
process.stdout.write('done\n')
await warehouse.close()
await chain.close()
