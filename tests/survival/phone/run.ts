// npm run survival:phone -- --seed S --schedules N --json FILE
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runSchedules } from './schedules.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, schedules: { type: 'string', default: '300' }, json: { type: 'string' } },
})
const { report, met } = await runSchedules(Number(values.seed), Number(values.schedules), (line) => console.log(line))
console.log(JSON.stringify(report))
console.log(
  `killed at work: ${Object.entries(met)
    .map(([moment, times]) => `${moment} ${times}`)
    .join(', ')}`,
)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`)
const survived = report.answers_found === report.answers_shown_saved && report.readable_hits === 0 && report.records_wrong === 0
process.exitCode = survived ? 0 : 1
