import { rmSync } from 'node:fs'
import { openFieldServer } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { browserPhone } from './browser-phone.ts'
import { buildPage } from './build-page.ts'

/** What encryption costs of one durable save of a household of six with sixty answers each: time in milliseconds, and bytes. */
export async function measureSaveCost(rounds = 300) {
  const folder = await buildPage()
  const server = await openFieldServer(smallQuestionnaire, { serve: folder })
  const phone = await browserPhone(server.url)
  try {
    await phone.open()
    const answers = Object.fromEntries(Array.from({ length: 60 }, (_, question) => [`Q${question}`, String(question % 7)]))
    const person = Array.from({ length: 6 }, (_, row) => ({ _id: `p${row}`, ...answers }))
    return await phone
      .page()
      .evaluate(([value, times]) => globalThis.tala.measureSave(value, times), [{ answers: { person } }, rounds] as const)
  } finally {
    await phone.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
