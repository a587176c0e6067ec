// The whole server as a process that can be killed: the product's own office and app, without the welcome and the build of the collector.
import type { AddressInfo } from 'node:net'
import { createApp } from '../../aggregator/app.ts'
import { parseConfig } from '../../aggregator/config.ts'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import { openOffice } from '../../aggregator/open-office.ts'

const silent = { info() {}, warn() {}, error() {} }
const config = parseConfig(process.env)
const office = await openOffice(config, { log: silent })
const server = createApp(office).listen(config.port, config.host)
server.once('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
office.ingest.follow()

process.on('message', (message) => {
  if (message === 'invite') void invite(office.stores.office, {}, new Date()).then(({ code }) => process.send?.({ code }))
  if (message === 'stop') void stop()
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit())

async function stop(): Promise<void> {
  server.close()
  server.closeAllConnections()
  await office.close()
  process.exit()
}
