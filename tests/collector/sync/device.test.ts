import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../../../collector/sync/device.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type FieldServer, openFieldServer } from './field-server.ts'
import { sealedRecords } from './sealed-records.ts'
import { simulatedDevice } from './simulated-device.ts'

let server: FieldServer

beforeAll(async () => {
  server = await openFieldServer(smallQuestionnaire)
})
afterAll(() => server.close())

async function enrolled(change: Parameters<typeof simulatedDevice>[0] = {}): Promise<Device> {
  const device = simulatedDevice(change)
  await device.enrol(await server.link())
  await device.sync()
  server.requests()
  return device
}

describe('a device', () => {
  it('enrols with a link once, and brings the questionnaire of the round', async () => {
    const device = simulatedDevice()
    const link = await server.link()
    const enrolment = await device.enrol(link)
    expect(enrolment.keys.map(({ purpose }) => purpose)).toEqual(['seal-answers', 'seal-identity'])
    expect(await device.sync()).toMatchObject({ trouble: null, news: true })
    expect((await device.questionnaire())?.id).toBe('small')
    await expect(simulatedDevice().enrol(link)).rejects.toMatchObject({ code: 'sync.link-used' })
  })

  it('sends a record, hears that the server has it, and later that it is accepted', async () => {
    const device = await enrolled()
    for (const record of await sealedRecords(device, 1)) await device.put(record)
    expect((await device.sync()).states).toEqual({ received: 1 })
    await server.receiptAll()
    expect((await device.sync()).states).toEqual({ accepted: 1 })
  })
})
