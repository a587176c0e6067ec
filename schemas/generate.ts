// Writes everything in schemas/generated from its sources; `npm run check` fails when the result differs from what is committed.
import { generateQuestionnaires } from './generate-questionnaires.ts'
import { generateRecords } from './generate-records.ts'

await generateRecords()
await generateQuestionnaires()
