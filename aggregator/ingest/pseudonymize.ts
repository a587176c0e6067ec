import type { KeyProvider } from '../custody/keys.ts'
import { type RoundKeys, type RoundPseudonyms, roundPseudonyms } from '../custody/pseudonyms.ts'
import { ProblemError } from '../problem.ts'
import { roundKids } from '../warehouse/ledger.ts'
import type { LoadBatch } from '../warehouse/load.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

export interface Pseudonymizer {
  /** The pseudonyms of a round. @throws ProblemError `key-missing` when the round's key is no longer in the keyring. */
  of(round: string): Promise<{ readonly keys: RoundKeys; readonly pseudonyms: RoundPseudonyms }>
  /** Keys first used since the last commit, to be stored with the batch. */
  newKeys(): LoadBatch['roundKeys']
  committed(keys: LoadBatch['roundKeys']): void
}

const purposes = ['pseudonym-household', 'pseudonym-person', 'link'] as const

/** A round keeps the keys of its first record: rotating a key in mid-field must not give a home two pseudonyms. */
export function createPseudonymizer(keys: KeyProvider, warehouse: Pick<Warehouse, 'read'>): Pseudonymizer {
  const rounds = new Map<string, { readonly keys: RoundKeys; readonly pseudonyms: RoundPseudonyms }>()
  const unsaved = new Map<string, LoadBatch['roundKeys']>()
  return {
    async of(round) {
      const known = rounds.get(round)
      if (known) return known
      const stored = await warehouse.read((connection) => roundKids(connection, round))
      const keyOf = (purpose: (typeof purposes)[number]) => {
        const kid = stored.get(purpose)
        const key = kid === undefined ? keys.current(purpose) : keys.get(kid)
        if (!key)
          throw new ProblemError(
            'key-missing',
            `The ${purpose} key of round ${round} is not in the keyring; restore it or close the round.`,
          )
        return key
      }
      const [household, person, link] = [keyOf('pseudonym-household'), keyOf('pseudonym-person'), keyOf('link')]
      const fresh = [household, person, link].filter(({ purpose }) => !stored.has(purpose))
      if (fresh.length > 0)
        unsaved.set(
          round,
          fresh.map(({ purpose, kid }) => ({ round, purpose, kid })),
        )
      const masters: RoundKeys = { household: household.key, person: person.key, link: link.key }
      const made = { keys: masters, pseudonyms: roundPseudonyms(masters, round) }
      rounds.set(round, made)
      return made
    },
    newKeys: () => [...unsaved.values()].flat(),
    committed(saved) {
      for (const { round } of saved) unsaved.delete(round)
    },
  }
}
