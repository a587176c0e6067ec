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

    it('rotates and destroys, or refuses both and stays as it was', async () => {
      const keys = await open()
      const before = keys.all()
      const old = keys.current('seal-answers')
      const refusal = await keys.rotate('seal-answers').then(
        () => null,
        (error: unknown) => error,
      )
      if (refusal !== null) {
        expect(refusal).toMatchObject({ type: 'keyring-read-only' })
        await expect(keys.destroy(old.kid)).rejects.toMatchObject({ type: 'keyring-read-only' })
        expect(keys.all()).toEqual(before)
        return
      }
      expect(keys.current('seal-answers').kid).not.toBe(old.kid)
      expect(keys.get(old.kid)).toMatchObject({ state: 'retired' })
      await keys.destroy(old.kid)
      expect(keys.get(old.kid)).toBeUndefined()
      expect(keys.all().map(({ kid }) => kid)).not.toContain(old.kid)
    })

    it('has one current key after two rotations at once', async () => {
      const keys = await open()
      await Promise.allSettled([keys.rotate('seal-identity'), keys.rotate('seal-identity')])
      expect(keys.all().filter(({ purpose, state }) => purpose === 'seal-identity' && state === 'current')).toHaveLength(1)
    })
  })
}
