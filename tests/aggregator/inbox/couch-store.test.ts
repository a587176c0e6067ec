import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { couchAddress } from '../../../aggregator/inbox/couch-client.ts'
import { openCouchStore } from '../../../aggregator/inbox/couch-store.ts'
import { clusterHealth } from '../../../aggregator/inbox/health.ts'
import { startCouchServer, type CouchServer } from '../../contracts/couch-server.ts'
import { describeInboxStore } from '../../contracts/inbox-store.ts'

const servers: CouchServer[] = []
afterAll(() => Promise.all(servers.map((each) => each.close())))

const fresh = () => `tala-test-${randomBytes(6).toString('hex')}`

describeInboxStore('CouchDB API over PouchDB', async () => {
  const server = await startCouchServer()
  servers.push(server)
  return openCouchStore(couchAddress(server.url, null), fresh())
})

const real = process.env['COUCHDB_URL']
describe.runIf(real !== undefined)('with a real CouchDB', () => {
  describeInboxStore('CouchDB', () => openCouchStore(couchAddress(real ?? '', null), fresh()))
})

describe('the health of a cluster', () => {
  const check = async (nodes: string[]) => {
    const server = await startCouchServer()
    servers.push(server)
    server.nodes = nodes
    return clusterHealth(couchAddress(server.url, null)).check()
  }

  it('is good with two of three nodes', async () => {
    await expect(check(['a@one', 'b@two'])).resolves.toBeUndefined()
  })

  it('is bad with one of three: CouchDB itself would answer 201 with a single copy', async () => {
    await expect(check(['a@one'])).rejects.toThrow(expect.objectContaining({ type: 'storage-unavailable' }))
  })

  it('is bad when nothing answers', async () => {
    await expect(clusterHealth(couchAddress('http://127.0.0.1:9', null)).check()).rejects.toThrow(
      expect.objectContaining({ type: 'storage-unavailable' }),
    )
  })
})

describe('the address of CouchDB', () => {
  it('takes the login from the address, unless the environment has one', () => {
    expect(couchAddress('http://tala:p%40ss@couch:5984/', null)).toEqual({ url: 'http://couch:5984', user: 'tala', password: 'p@ss' })
    expect(couchAddress('http://couch:5984', { user: 'a', password: 'b' })).toEqual({ url: 'http://couch:5984', user: 'a', password: 'b' })
  })
})
