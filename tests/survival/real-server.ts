// The whole server as a process that can be killed: the product's own office and app, without the welcome and the build of the collector.
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createApp } from '../../aggregator/app.ts'
import { parseConfig } from '../../aggregator/config.ts'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import { openRound, publishQuestionnaire } from '../../aggregator/fieldwork/rounds.ts'
import { openOffice } from '../../aggregator/open-office.ts'
import { lastReceipt, markBackedUp } from '../../aggregator/warehouse/receipts.ts'
import { hashed } from '../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../schemas/sealing/small-questionnaire.ts'

const silent = { info() {}, warn() {}, error() {} }
const config = parseConfig(process.env)
const office = await openOffice(config, { log: silent })
const page = process.env['TALA_SURVIVAL_PAGE']
const app = express()
if (page !== undefined) {
  await openSmallRound()
  app.use('/collector', express.static(page))
}
const server = app.use(createApp(office)).listen(config.port, config.host)
server.once('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
office.ingest.follow()

process.on('message', (message) => {
  const [word, device] = String(message).split(' ')
  if (word === 'invite')
    void invite(office.stores.office, device ? { device } : {}, new Date()).then(({ code }) => process.send?.({ code }))
  if (message === 'back-up') void markAll().then(() => process.send?.({ backedUp: 1 }))
  if (message === 'stop') void stop()
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit())

/** The round of the test page's made-up form. */
async function openSmallRound(): Promise<void> {
  const questionnaire = hashed(smallQuestionnaire)
  const { id, version, sha256 } = questionnaire
  await publishQuestionnaire(office.stores.config, questionnaire)
  if (office.deployment.round === 'survival') return
  const days = { referenceDay: '2026-01-01', starts: '2026-01-01', ends: '2099-12-31' }
  const areas = [{ code: '1234567890', name: 'Sample', level: 'barangay' as const }]
  const reference = { id, version, sha256 }
  await openRound(office.stores.office, {
    schema: 'round/1',
    id: 'survival',
    title: 'Survival',
    questionnaire: reference,
    ...days,
    settings: {},
    areas,
  })
}

/** As a verified backup does. */
async function markAll(): Promise<void> {
  await office.warehouse.write(async (connection) => markBackedUp(connection, await lastReceipt(connection)))
}

async function stop(): Promise<void> {
  server.close()
  server.closeAllConnections()
  await office.close()
  process.exit()
}
