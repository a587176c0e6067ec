// The other side is oidc-provider, a certified OpenID provider, on a port of this machine.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'
import { type Visitor, visitor } from '../../../support/office-visitor.ts'

let server: Server
let house: TestOffice
let issuer = ''

beforeAll(async () => {
  server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const publicUrl = 'http://127.0.0.1:1'
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tala',
        client_secret: 'a secret of the test only, long enough',
        redirect_uris: [`${publicUrl}/office/provider/back`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: { devInteractions: { enabled: true } },
  })
  server.on('request', provider.callback() as never)
  house = await openTestOffice({
    change: { publicUrl, oidc: { issuer, clientId: 'tala', clientSecret: 'a secret of the test only, long enough' } },
  })
})
afterAll(async () => {
  await house.remove()
  server.closeAllConnections()
  server.close()
})

/** Signs in at the provider's own pages as this account. @returns the address it sends the browser back to. */
async function atTheProvider(begun: string, account: string): Promise<string> {
  const browser = visitor(issuer)
  let { location } = await browser.get(/url=([^"]+)"/.exec(begun)?.[1]?.replaceAll('&#38;', '&') ?? '')
  for (let step = 0; step < 8 && location && !location.includes('/office/provider/back'); step++) {
    if (location.includes('/interaction/')) {
      const { text } = await browser.get(location)
      const prompt = text.includes('name="login"') ? { prompt: 'login', login: account, password: 'x' } : { prompt: 'consent' }
      location = (await browser.post(location, prompt)).location
    } else location = (await browser.get(location)).location
  }
  return location?.replace(/^http:\/\/127\.0\.0\.1:1(?=\/)/, '') ?? ''
}

const isInside = async (someone: Visitor) => (await someone.get('/office')).status === 200

describe('signing in at an OpenID provider', () => {
  it('lets in nobody who has not joined', async () => {
    const stranger = visitor(house.url)
    const back = await atTheProvider((await stranger.get('/office/provider')).text, 'stranger')
    expect((await stranger.get(back)).status).toBe(403)
    expect(await isInside(stranger)).toBe(false)
  })

  it('joins an account by the one-time link, and knows it from then on', async () => {
    const code = await house.office.people.invite({ login: 'amina', roles: ['reader'], areas: [] })
    const amina = visitor(house.url)
    const begun = await amina.post('/office/provider', { code })
    expect((await amina.get(await atTheProvider(begun.text, 'amina-at-the-ministry'))).status).toBe(200)
    expect(await isInside(amina)).toBe(true)
    const nextDay = visitor(house.url)
    await nextDay.get(await atTheProvider((await nextDay.get('/office/provider')).text, 'amina-at-the-ministry'))
    expect((await nextDay.get('/office')).text).toContain('amina')
  })

  it('refuses an answer that another browser began', async () => {
    const amina = visitor(house.url)
    const back = await atTheProvider((await amina.get('/office/provider')).text, 'amina-at-the-ministry')
    const thief = visitor(house.url)
    expect((await thief.get(back)).status).toBe(403)
    expect(await isInside(thief)).toBe(false)
  })

  it('refuses the same answer twice, and a forged one', async () => {
    const amina = visitor(house.url)
    const back = await atTheProvider((await amina.get('/office/provider')).text, 'amina-at-the-ministry')
    await amina.get(back)
    expect((await amina.get(back)).status).toBe(403)
    const other = visitor(house.url)
    await other.get('/office/provider')
    expect((await other.get(back)).status).toBe(503)
  })
})
