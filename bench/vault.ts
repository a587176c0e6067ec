// What encryption costs of one durable save on the phone, and of writing an interview whole: npm run bench:vault -- [--json FILE]
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureSaveCost } from '../tests/survival/phone/save-cost.ts'

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const rounded = (value: number) => Math.round(value * 1000) / 1000
const { save, checkpoint } = await measureSaveCost()
const figures = ({ encrypt, plain, locked, bytes, lockedBytes }: typeof save) => ({
  save_ms: rounded(locked),
  save_without_encryption_ms: rounded(plain),
  encryption_ms: rounded(encrypt),
  /** Goal: at most 5. */
  encryption_percent: Math.round((1000 * encrypt) / locked) / 10,
  bytes,
  locked_bytes: lockedBytes,
})
const report = { ...figures(save), checkpoint: figures(checkpoint) }
console.log(JSON.stringify(report))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`)
