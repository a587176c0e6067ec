// npm run dictionary: makes schemas/questionnaires/household/dictionary.txt anew, the made-up interviews that real ones are deflated against.
// Run it, then `npm run generate`, when the survey changed: records get smaller again. Published versions keep the dictionary they came with.
import { readFile, writeFile } from 'node:fs/promises'
import { readAreas } from '../../aggregator/fieldwork/areas.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { identityInside, insideOf } from '../../schemas/sealing/cover.ts'
import { madeUpInterviews } from './made-up-interviews.ts'

/** Bytes; longer ones save a few more bytes a record and cost every phone their download. */
const longest = 20_000
const root = new URL('../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')
const questionnaire = JSON.parse(await read('schemas/generated/household/questionnaire.json')) as Questionnaire
const areas = readAreas(await read('aggregator/fieldwork/example-areas.csv'))
const { id, version, sha256 } = questionnaire
const round = {
  schema: 'round/1' as const,
  id: '2026-10',
  title: 'Dictionary',
  questionnaire: { id, version, sha256 },
  referenceDay: '2026-10-01',
  starts: '2026-10-01',
  ends: '2027-03-01',
  settings: { home_country: 'PHL' },
  areas: [...areas],
}
const isWanted = (people: number) => people >= 2 && people <= 7
const scene = { questionnaire, enrolment: { round, deviceId: 'madeupphone' }, seed: 991, day: '2026-10-04T09:00:00+08:00', isWanted }

// Names, random ids and codes are not what real ones are like: left out, they leave room for what is.
const withoutChance = (text: string) => text.replace(/"_id":"\w*"/g, '"_id":"').replace(/"withdrawalCode":"[^"]*"/, '"withdrawalCode":"')
const withoutNames = (text: string) => text.replace(/":"[^"]*"/g, '":"').replace(/"\w{6}":\{/g, '"')

let text = ''
for (const { interview, identity } of madeUpInterviews(scene, 30)) {
  if (text.length > longest) break
  text += `${identity ? withoutNames(identityInside(identity)) : ''}${withoutChance(insideOf(interview))}`
}
await writeFile(new URL('schemas/questionnaires/household/dictionary.txt', root), text)
console.log(`${text.length} bytes`)
