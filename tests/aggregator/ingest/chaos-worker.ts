// One life of an aggregator: opens the folder it is given, takes in what lies in the inbox, and ends. The chaos test ends it earlier.
import { join } from 'node:path'
import { openAuditChain } from '../../../aggregator/custody/audit-chain.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { createIngest } from '../../../aggregator/ingest/ingest.ts'
import { openStores } from '../../../aggregator/inbox/open-stores.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { homeRound, homeSurvey } from './home-survey.ts'

const [folder = '', batchSize = '50', clockOffset = '0', threads = ''] = process.argv.slice(2)
const keys = await openKeyring(join(folder, 'keyring'))
const stores = await openStores({ dataFolder: join(folder, 'stores'), couchdbUrl: null, diskFloorBytes: 0 })
const audit = await openAuditChain(join(folder, 'audit.jsonl'), keys)
const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const ingest = createIngest({
  ...stores,
  keys,
  audit,
  warehouse,
  questionnaires: { find: async () => homeSurvey },
  rounds: { find: async () => homeRound },
  clock: () => new Date(Date.now() + Number(clockOffset)),
  log: quiet,
  batchSize: Number(batchSize),
  ...(threads !== '' && { threads: Number(threads) }),
})
ingest.onCommit(() => process.stdout.write('committed\n'))
process.stdout.write('ready\n')
await ingest.once()
await ingest.stop()
await warehouse.close()
await audit.close()
await stores.close()
process.stdout.write('done\n')
