import { join } from 'node:path'
import { connectCommands, type Offered, serveCommands } from '../http/command-socket.ts'
import type { Custody } from './custody.ts'

const offered: Offered<Custody> = {
  listKeys: true,
  rotateKey: true,
  exportKeys: true,
  verifyAudit: true,
  withdraw: true,
  proveWithdrawal: true,
  reapplyWithdrawals: true,
  backUp: true,
  closeRound: true,
  recompute: true,
  retain: true,
  review: true,
  fieldQuality: true,
  decide: true,
}

const socketPath = (dataFolder: string) => join(dataFolder, 'custody.sock')

/** Offers custody to commands on this machine. @returns how to stop. */
export const serveCustody = (custody: Custody, dataFolder: string): Promise<() => Promise<void>> =>
  serveCommands(custody, offered, socketPath(dataFolder))

/** The custody of the server that runs on this data folder; undefined when none runs. */
export const connectCustody = (dataFolder: string): Promise<Custody | undefined> =>
  connectCommands<Custody>(offered, socketPath(dataFolder), (custody) => custody.listKeys({}))
