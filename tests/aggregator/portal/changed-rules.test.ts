import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import type { PublishedRelease } from '../../../aggregator/portal/published.ts'
import { portalRoutes } from '../../../aggregator/portal/routes.ts'
import { sourceOf } from '../../support/released.ts'
import { townRelease } from '../../support/town-release.ts'

// Two rounds between which the rule of a derived variable behind one indicator changed, its own definition not.

const publicUrl = 'http://portal.example'
const madeBy = (release: PublishedRelease, rules: string): PublishedRelease => ({
  ...release,
  indicators: release.indicators.map((each) => (each.id === 'MIG01' ? { ...each, rules } : { ...each, rules: 'the same' })),
})
const serve = async (before: string, after: string) => {
  const releases = sourceOf(madeBy(townRelease('2026', 900), after), madeBy(townRelease('2025', 700), before))
  const server = express().use(portalRoutes({ releases, publicUrl })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
const [changed, unchanged] = [await serve('one rule', 'another'), await serve('one rule', 'one rule')]
afterAll(() => [changed, unchanged].forEach((server) => server.close()))
const text = async (server: typeof changed, path: string) =>
  (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)).text()

describe('a figure over a variable whose rule changed', () => {
  const rounds = '/compare?area=B1&release=2025-r1&area2=B1&release2=2026-r1'
  const born = /how many were born[^\n]*another definition/

  it('gives no difference between the rounds, as with another definition; the others do', async () => {
    expect(await text(changed, rounds)).toMatch(born)
    expect(await text(changed, rounds)).toMatch(/How many people live here now[^\n]*\+80/)
    expect(await text(unchanged, rounds)).not.toMatch(born)
  })

  it('begins a new line', async () => {
    expect(await text(changed, '/indicators/MIG01')).toContain('This is the first round with this figure.')
    expect(await text(unchanged, '/indicators/MIG01')).toMatch(/in round 2025, [^\n]* in round 2026/)
  })
})
