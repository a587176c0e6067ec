// Starts Tala for real use: reads the environment, opens the data folder, listens, and stops cleanly.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { ConfigError, parseConfig } from './config.ts'
import { custodyOf } from './custodian/custody.ts'
import { serveCustody } from './custodian/custody-socket.ts'
import { officeOf } from './fieldwork/office.ts'
import { serveOffice } from './fieldwork/office-socket.ts'
import { openOffice } from './open-office.ts'
import { ProblemError } from './problem.ts'
import { reconcileNightly } from './reconcile-nightly.ts'
import { sayWelcome } from './welcome.ts'

try {
  const config = parseConfig(process.env)
  const log = pino({ level: config.logLevel, base: null })
  if (!existsSync('dist/collector/index.html')) {
    log.info({}, 'building the collector, once')
    execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const office = await openOffice(config, { log })
  const server = createApp(office).listen(config.port, config.host)
  await new Promise<void>((listening, failed) => server.once('listening', listening).once('error', failed))
  office.ingest.follow()
  const stopOffice = await serveOffice(officeOf({ stores: office.stores, publicUrl: config.publicUrl, now: office.now }), config.dataFolder)
  const stopCustody = await serveCustody(custodyOf(office), config.dataFolder)
  const stopNights = reconcileNightly(office)
  await sayWelcome(office, server)
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) log.error({ err }, 'stopping after an error')
    server.close()
    server.closeAllConnections()
    await stopNights()
    await stopCustody()
    await stopOffice()
    await office.close()
  })
} catch (error) {
  process.stderr.write(`${whyNotOpen(error)}\n`)
  process.exitCode = 1
}

/** What stops most starts, in words; anything else as it is. */
function whyNotOpen(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof ProblemError) return `${error.title} ${error.detail}`
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (/\/LOCK|Could not set lock|EWOULDBLOCK/.test(text))
    return 'Another Tala runs on this data folder. Stop it first, or set TALA_DATA to another folder.'
  if (text.includes('EADDRINUSE')) return 'The port is taken. Stop what uses it, or set TALA_PORT.'
  return text
}
