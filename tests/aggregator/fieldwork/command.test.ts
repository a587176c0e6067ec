import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerFieldworkCommands } from '../../../aggregator/fieldwork/command.ts'
import { officeOf } from '../../../aggregator/fieldwork/office.ts'
import { serveOffice } from '../../../aggregator/fieldwork/office-socket.ts'
import { openStores } from '../../../aggregator/inbox/open-stores.ts'
import { ensureFirstRound } from '../../../aggregator/fieldwork/rounds.ts'
import { readAreas } from '../../../aggregator/fieldwork/areas.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { smallQuestionnaire } from '../../contracts/test-server.ts'

let folder = ''
const before = { ...process.env }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-office-'))
  process.env['TALA_DATA'] = folder
  delete process.env['COUCHDB_URL']
  const stores = await openStores({ dataFolder: folder, couchdbUrl: null, diskFloorBytes: 0 })
  const areas = readAreas(await readFile(new URL('../../../aggregator/fieldwork/example-areas.csv', import.meta.url), 'utf8'))
  await ensureFirstRound(stores.office, stores.config, { questionnaire: smallQuestionnaire(), areas, today: new Date() })
  await stores.close()
})
afterEach(async () => {
  process.env = { ...before }
  await rm(folder, { recursive: true, force: true })
})

async function tala(...words: string[]): Promise<string> {
  const lines: string[] = []
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  registerFieldworkCommands(program, (line) => lines.push(line))
  await program.parseAsync(words, { from: 'user' })
  return lines.join('\n')
}

describe('the commands of field work', () => {
  it('invite a phone with a link and a QR code', async () => {
    const printed = await tala('invite', '--area', '9901001000')
    expect(printed).toMatch(/\/collector\/#enrol=[A-Za-z0-9_-]{22}\n/)
    expect(printed).toContain('█')
  })

  it('say which area is not in the register', async () => {
    await expect(tala('invite', '--area', '77')).rejects.toThrow('77')
  })

  it('open a second round that new phones join', async () => {
    const [areas, questionnaire] = [join(folder, 'areas.csv'), join(folder, 'q.json')]
    await writeFile(areas, 'code,name,level,parent\n1,Here,municipality,\n')
    await writeFile(questionnaire, JSON.stringify(smallQuestionnaire('2')))
    const days = ['--reference-day', '2027-03-01', '--starts', '2027-03-01', '--ends', '2027-05-31']
    await tala(
      'round',
      'open',
      '2027-03',
      '--title',
      'March',
      '--areas',
      areas,
      '--questionnaire',
      questionnaire,
      ...days,
      '--set',
      'ask_module_l=1',
      'home_country=PHL',
    )
    expect(await tala('round', 'list')).toMatch(/\* {2}2027-03 {2}March {2}household 2/)
  })

  it('keep with a round how many homes were listed, and tell it', async () => {
    const round = /\* {2}(\S+)/.exec(await tala('round', 'list'))?.[1] ?? ''
    expect(await tala('round', 'listing', round)).toBe('No listing.')
    const listing = join(folder, 'listing.csv')
    await writeFile(listing, 'area,homes\n9901001000,120\n9901002000,80\n')
    expect(await tala('round', 'listing', round, '--file', listing)).toBe('200 homes in 2 areas.')
    expect(await tala('round', 'listing', round)).toBe('200 homes in 2 areas.')
  })

  it.each([
    ['a count that is none', 'area,homes\n9901001000,many\n', /Line 2/],
    ['an area twice', 'area,homes\n9901001000,1\n9901001000,2\n', /twice/],
    ['an area of nowhere', 'area,homes\n77,1\n', /77/],
  ])('refuse a listing with %s', async (_, csv, message) => {
    const round = /\* {2}(\S+)/.exec(await tala('round', 'list'))?.[1] ?? ''
    const listing = join(folder, 'listing.csv')
    await writeFile(listing, csv)
    await expect(tala('round', 'listing', round, '--file', listing)).rejects.toThrow(message)
  })

  it('compare inbox and warehouse beside a running server too', async () => {
    const stores = await openStores({ dataFolder: folder, couchdbUrl: null, diskFloorBytes: 0 })
    const stop = await serveOffice(officeOf({ stores, publicUrl: 'http://127.0.0.1', now: () => new Date() }), folder)
    try {
      expect(await tala('reconciliations')).toBe('No night has passed yet.')
    } finally {
      await stop()
      await stores.close()
    }
  })

  it('keep with a round how it was drawn, and tell it', async () => {
    const round = /\* {2}(\S+)/.exec(await tala('round', 'list'))?.[1] ?? ''
    expect(await tala('round', 'design', round)).toBe('A census: every home counts once.')
    const design = join(folder, 'design.csv')
    await writeFile(design, 'area,stratum,cluster,weight,clusters\n9901001000,s,1,10,40\n9901002000,s,2,30,40\n')
    const told = await tala('round', 'design', round, '--file', design, '--nonresponse', 'area')
    expect(told).toBe(
      'A sample: 2 areas in 2 clusters of 1 strata. The number of clusters in the population is known of 1. Homes stand for those of their area that could not be interviewed.',
    )
    expect(await tala('round', 'design', round)).toBe(told)
    await writeFile(design, 'area,stratum,cluster,weight\n9901001000,s,1,10\n77,s,2,30\n')
    await expect(tala('round', 'design', round, '--file', design)).rejects.toThrow(/77 of the design is not in the register/)
    await expect(tala('round', 'design', round, '--census', '--nonresponse', 'stratum')).rejects.toThrow(/no strata/)
    await expect(tala('round', 'design', 'other', '--census')).rejects.toThrow(expect.objectContaining({ type: 'unknown-round' }))
    expect(await tala('round', 'design', round, '--census')).toBe('A census: every home counts once.')
  })

  it('name a phone that is not known', async () => {
    await expect(tala('revoke', 'nobody', '--why', 'lost')).rejects.toThrow('device-unknown')
    expect(await tala('devices')).toBe('No phones.')
  })

  it('work while the server runs and holds the stores, through a socket only its user can open', async () => {
    const stores = await openStores({ dataFolder: folder, couchdbUrl: null, diskFloorBytes: 0 })
    const stop = await serveOffice(officeOf({ stores, publicUrl: 'https://tala.example', now: () => new Date() }), folder)
    expect((await stat(join(folder, 'office.sock'))).mode & 0o777).toBe(0o600)
    expect(await tala('invite')).toContain('https://tala.example/collector/#enrol=')
    expect(await stores.office.list('invitation:')).toHaveLength(1)
    await expect(tala('invite', '--area', '77')).rejects.toThrow(expect.objectContaining({ type: 'area-unknown' }))
    await stop()
    await stores.close()
    expect(await tala('devices')).toBe('No phones.')
  })
})
