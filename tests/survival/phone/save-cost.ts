import { rmSync } from 'node:fs'
import type { Change } from '../../../collector/store/changes.ts'
import { openFieldServer } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { browserPhone } from './browser-phone.ts'
import { buildPage } from './build-page.ts'

/** What a save writes: one answer with where and when it was given. */
const entry: readonly Change[] = [
  [['updated'], '2026-11-21T09:30:00+08:00'],
  [['answers', 'person', 3, 'Q17'], '2'],
]

/** A household of six with sixty answers each, as a checkpoint writes it. */
const answers = Object.fromEntries(Array.from({ length: 60 }, (_, question) => [`Q${question}`, String(question % 7)]))
const household = { answers: { person: Array.from({ length: 6 }, (_, row) => ({ _id: `p${row}`, ...answers })) } }

/** What encryption costs of one durable save, and of writing an interview whole: time in milliseconds, and bytes. */
export async function measureSaveCost(rounds = 300) {
  const folder = await buildPage()
  const server = await openFieldServer(smallQuestionnaire, { serve: folder })
  const phone = await browserPhone(server.url)
  try {
    await phone.open()
    const measured = (value: unknown) =>
      phone.page().evaluate(([value, times]) => globalThis.tala.measureSave(value, times), [value, rounds] as const)
    return { save: await measured(entry), checkpoint: await measured(household) }
  } finally {
    await phone.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
