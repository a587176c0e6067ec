import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../aggregator/config.ts'
import { couchAddress } from '../../../aggregator/inbox/couch-client.ts'

describe('the login at CouchDB', () => {
  it('comes from the environment, whatever characters it has', () => {
    const { couchdbUrl } = parseConfig({ COUCHDB_URL: 'http://couchdb:5984', COUCHDB_USER: 'tala', COUCHDB_PASSWORD: 'p@ss:/w%rd' })
    expect(couchAddress(couchdbUrl ?? '', null)).toEqual({ url: 'http://couchdb:5984', user: 'tala', password: 'p@ss:/w%rd' })
  })

  it('is left as it stands in the address when the environment has none', () => {
    const { couchdbUrl } = parseConfig({ COUCHDB_URL: 'http://a:b@couchdb:5984' })
    expect(couchAddress(couchdbUrl ?? '', null)).toEqual({ url: 'http://couchdb:5984', user: 'a', password: 'b' })
  })

  it('means nothing without an address', () => {
    expect(parseConfig({ COUCHDB_USER: 'tala', COUCHDB_PASSWORD: 'x' }).couchdbUrl).toBeNull()
  })
})
