import { describe, expect, it } from 'vitest'
import { type KeyProvider, keyPurposes } from '../../../aggregator/custody/keys.ts'

/** What every source of keys must do. @param open gives a provider with a key for each purpose. */
export function describeKeyProvider(name: string, open: () => Promise<KeyProvider>): void {
  describe(`key provider: ${name}`, () => {
    it('has a current key for every purpose', async () => {
      const keys = await open()
      for (const purpose of keyPurposes) expect(keys.current(purpose)).toMatchObject({ purpose, state: 'current' })
    })

    it('finds each key by its kid, and gives public parts only of key pairs', async () => {
      const keys = await open()
      for (const key of keys.all()) {
        expect(keys.get(key.kid)).toBe(key)
        expect(key.publicJwk === undefined).toBe(key.key.type === 'secret')
        expect(JSON.stringify(key.publicJwk ?? {})).not.toMatch(/"(d|k)":/)
      }
    })

    it('seals on P-256, signs with Ed25519, and has 256 secret bits elsewhere', async () => {
      const keys = await open()
      expect(keys.current('seal-answers').publicJwk).toMatchObject({ kty: 'EC', crv: 'P-256' })
      expect(keys.current('token-sign').publicJwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519' })
      expect(keys.current('pseudonym-household').key.symmetricKeySize).toBe(32)
    })

    it('has another key for every purpose', async () => {
      const keys = await open()
      expect(new Set(keys.all().map(({ kid }) => kid)).size).toBe(keys.all().length)
    })

    it('knows nothing of a kid it never had', async () => {
      expect((await open()).get('no-such-kid')).toBeUndefined()
    })
  })
}
