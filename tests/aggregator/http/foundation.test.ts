import express from 'express'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { httpFoundation } from '../../../aggregator/http/foundation.ts'
import { handleProblem, unknownRoute } from '../../../aggregator/http/problems.ts'

const limits = { perAddress: 3, failuresPerAddress: 10, perDevice: 10 }
function app(publicUrl: string, perAddress = 1000) {
  const made = express()
  httpFoundation(made, { publicUrl, trustedProxies: 0 }, { ...limits, perAddress })
  made.get('/', (_request, response) => {
    response.send('ok')
  })
  made.get('/broken', () => {
    throw new TypeError('a secret detail')
  })
  return made.use(unknownRoute).use(handleProblem)
}

describe('every answer', () => {
  it('has an id of ours, whatever the client calls itself', async () => {
    const response = await request(app('http://tala.test')).get('/').set('X-Request-Id', 'Maria')
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('keeps browsers to this server', async () => {
    const { headers } = await request(app('https://tala.test')).get('/')
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['strict-transport-security']).toBeDefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  it('does not force https on a server that has none', async () => {
    const { headers } = await request(app('http://tala.test')).get('/')
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
  })

  it('names the id and nothing of an error that is ours', async () => {
    const response = await request(app('http://tala.test')).get('/broken')
    expect(response.status).toBe(500)
    expect(response.body.instance).toBe(response.headers['x-request-id'])
    expect(response.text).not.toContain('secret')
  })

  it('comes only so many times a minute to one address', async () => {
    const strict = app('http://tala.test', 3)
    const statuses = []
    for (let at = 0; at < 5; at += 1) statuses.push((await request(strict).get('/')).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })
})
