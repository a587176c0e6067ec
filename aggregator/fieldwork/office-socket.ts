import { join } from 'node:path'
import { connectCommands, type Offered, serveCommands } from '../http/command-socket.ts'
import type { Office } from './office.ts'

const offered: Offered<Office> = {
  invite: true,
  devices: true,
  failures: true,
  revoke: true,
  rounds: true,
  openRound: true,
  design: true,
  setDesign: true,
  listing: true,
  setListing: true,
  reconciliations: true,
  quarantine: true,
  addRecordings: true,
  release: true,
}

const socketPath = (dataFolder: string) => join(dataFolder, 'office.sock')

/** Offers the office to commands on this machine. @returns how to stop. */
export const serveOffice = (office: Office, dataFolder: string): Promise<() => Promise<void>> =>
  serveCommands(office, offered, socketPath(dataFolder))

/** The office of the server that runs on this data folder; undefined when none runs. */
export const connectOffice = (dataFolder: string): Promise<Office | undefined> =>
  connectCommands<Office>(offered, socketPath(dataFolder), (office) => office.rounds({}))
