#!/usr/bin/env -S node --import tsx
// npx tala …: every command of every stage. Field work and custody ask the running server; the others open the data folder and need it stopped.
import { Command, CommanderError } from 'commander'
import { registerQuestionnaireCommands } from '../schemas/xlsform/command.ts'
import { ConfigError, parseConfig } from './config.ts'
import { registerCustodyCommands } from './custodian/command.ts'
import { registerFieldworkCommands } from './fieldwork/command.ts'
import { registerIndicatorCommands } from './indicators/command.ts'
import { openOffice } from './open-office.ts'
import { registerAgreementCommands } from './portal/command.ts'
import { ProblemError } from './problem.ts'
import { publishedOf, releaseMaterials } from './release-now.ts'
import { registerReleaseCommands } from './releases/command.ts'

const silent = { info() {}, warn() {}, error() {} }
const config = () => parseConfig(process.env)
const open = () => openOffice(config(), { log: silent })

const program = new Command('tala').description('Community-based migration data, from the doorstep to the statistic').showHelpAfterError()
registerQuestionnaireCommands(program)
registerFieldworkCommands(program)
registerCustodyCommands(program, open)
registerIndicatorCommands(program, async () => {
  const office = await open()
  return { ...office, published: (round) => publishedOf(office, round) }
})
registerReleaseCommands(
  program,
  async () => {
    const office = await open()
    return { materials: (round) => releaseMaterials(office, round), audit: office.audit, close: () => office.close() }
  },
  () => config().dataFolder,
)
registerAgreementCommands(program, open)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    const known = error instanceof ProblemError || error instanceof ConfigError
    process.stderr.write(
      `${known ? (error instanceof ProblemError ? `${error.title} ${error.detail}` : error.message) : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    process.exitCode = 1
  }
}
