// npm run survival:phone -- --seed S --schedules N --json FILE
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureSaveCost } from './save-cost.ts'
import { runSchedules } from './schedules.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, schedules: { type: 'string', default: '300' }, json: { type: 'string' } },
})
const report = await runSchedules(Number(values.seed), Number(values.schedules), (line) => console.log(line))
console.log(JSON.stringify(report))
const { encrypt, locked, bytes, lockedBytes } = await measureSaveCost()
console.log(
  `encryption: ${encrypt.toFixed(3)} ms of ${locked.toFixed(2)} ms a save (${((100 * encrypt) / locked).toFixed(1)} %), ${bytes} -> ${lockedBytes} bytes`,
)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`)
const survived = report.answers_found === report.answers_shown_saved && report.readable_hits === 0 && report.records_wrong === 0
process.exitCode = survived ? 0 : 1
