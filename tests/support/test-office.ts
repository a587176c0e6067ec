import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../aggregator/app.ts'
import { type Config, parseConfig } from '../../aggregator/config.ts'
import { type Office, openOffice } from '../../aggregator/open-office.ts'

export interface TestOffice {
  readonly office: Office
  readonly url: string
  readonly folder: string
  /** Stops the server and closes every store, keeping the folder. */
  stop(): Promise<void>
  /** Stops and removes the folder. */
  remove(): Promise<void>
}

const silent = { info() {}, warn() {}, error() {} }

/** A whole server with real stores in a folder of its own, on a free port of this machine. */
export async function openTestOffice({
  folder,
  change = {},
  log = silent,
}: {
  folder?: string
  change?: Partial<Config>
  log?: Office['log']
} = {}): Promise<TestOffice> {
  const dataFolder = folder ?? (await mkdtemp(join(tmpdir(), 'tala-test-')))
  const office = await openOffice(
    { ...parseConfig({ TALA_DATA: dataFolder, TALA_PORT: '0', TALA_LOG_LEVEL: 'silent' }), ...change },
    { log },
  )
  const server = createApp(office).listen(0, '127.0.0.1')
  await new Promise<void>((ready, failed) => server.once('listening', ready).once('error', failed))
  const stop = async () => {
    server.close()
    server.closeAllConnections()
    await office.close()
  }
  return {
    office,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder: dataFolder,
    stop,
    async remove() {
      await stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
