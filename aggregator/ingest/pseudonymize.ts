import type { KeyObject } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import { type RoundPseudonyms, roundPseudonyms } from '../custody/pseudonyms.ts'
import { ProblemError } from '../problem.ts'
import { roundKids } from '../warehouse/ledger.ts'
import type { LoadBatch } from '../warehouse/load.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

/** The master keys of a round's pseudonyms. */
export interface RoundKeys {
  readonly household: KeyObject
  readonly person: KeyObject
}

export interface Pseudonymizer {
  /** The pseudonyms of a round. @throws ProblemError `key-missing` when the round's key is no longer in the keyring. */
  of(round: string): Promise<{ readonly keys: RoundKeys; readonly pseudonyms: RoundPseudonyms }>
  /** Keys first used since the last commit, to be stored with the batch. */
  newKeys(): LoadBatch['roundKeys']
  committed(keys: LoadBatch['roundKeys']): void
}

/** A round keeps the keys of its first record: rotating a key in mid-field must not give a home two pseudonyms. */
export function createPseudonymizer(keys: KeyProvider, warehouse: Pick<Warehouse, 'read'>): Pseudonymizer {
  const rounds = new Map<string, { readonly keys: RoundKeys; readonly pseudonyms: RoundPseudonyms }>()
  const unsaved = new Map<string, LoadBatch['roundKeys']>()
  return {
    async of(round) {
      const known = rounds.get(round)
      if (known) return known
      const stored = await warehouse.read((connection) => roundKids(connection, round))
      const household = stored ? keys.get(stored.household) : keys.current('pseudonym-household')
      const person = stored ? keys.get(stored.person) : keys.current('pseudonym-person')
      if (!household || !person)
        throw new ProblemError(
          'key-missing',
          `The pseudonym keys of round ${round} are not in the keyring; restore them or close the round.`,
        )
      if (!stored)
        unsaved.set(round, [
          { round, purpose: 'pseudonym-household', kid: household.kid },
          { round, purpose: 'pseudonym-person', kid: person.kid },
        ])
      const made = {
        keys: { household: household.key, person: person.key },
        pseudonyms: roundPseudonyms(household.key, person.key, round),
      }
      rounds.set(round, made)
      return made
    },
    newKeys: () => [...unsaved.values()].flat(),
    committed(saved) {
      for (const { round } of saved) unsaved.delete(round)
    },
  }
}
