import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { enrolmentLink, enrolmentQr } from './fieldwork/enrolment-link.ts'
import { listDevices } from './fieldwork/devices.ts'
import { invite } from './fieldwork/invitations.ts'
import type { Office } from './open-office.ts'

/** Where people find this server: the address the configuration gives, or the port that was free. */
export function addressOf({ config }: Pick<Office, 'config'>, server: Server): string {
  const { port } = server.address() as AddressInfo
  return config.port === 0 ? config.publicUrl.replace(/:0$/, `:${port}`) : config.publicUrl
}

/** Printed after each start: where everything is, and, while no phone has joined, how the first one does. */
export async function sayWelcome(office: Office, server: Server): Promise<void> {
  const address = addressOf(office, server)
  const round = await office.round()
  const devices = await listDevices(office.stores.office)
  const lines = [
    '',
    `Tala is open. Round: ${round.title}. Data: ${office.config.dataFolder}`,
    `  Portal     ${address}/`,
    `  Office     ${address}/office/enter#${office.entrance.issue()}   (once, within an hour)`,
    `  API        ${address}/api/v1/releases`,
  ]
  if (devices.length === 0) {
    const { code } = await invite(office.stores.office, {}, office.now())
    const link = enrolmentLink(address, code)
    lines.push(`  First phone ${link}   (once, within 24 hours)`, '', enrolmentQr(link))
  } else lines.push(`  Phones     ${devices.length} enrolled; more from the office page or with: npx tala invite`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
