import type { DuckDBConnection } from '@duckdb/node-api'

/** Two rounds' pseudonyms of one person, 32 hex digits each. */
export interface Link {
  readonly earlier: string
  readonly later: string
}

/**
 * The custodian's linking job: persons of two rounds with the same link token, both homes having consented to linking.
 * A token that occurs twice in a round (people who share name, birth month, sex and country) links nobody: a wrong link is worse than none.
 */
export async function linkRounds(connection: DuckDBConnection, earlier: string, later: string): Promise<readonly Link[]> {
  const result = await connection.runAndReadAll(
    `with counted as (
         select l.round, k.token, min(k.person_key) as person_key
         from link_token k
         join ledger l on l.record_id = k.record_id and l.consent_linking
         where l.round in ($earlier, $later) and k.record_id not in (select record_id from not_counted)
         group by l.round, k.token
         having count(*) = 1
     )
     select replace(a.person_key::varchar, '-', ''), replace(b.person_key::varchar, '-', '')
     from counted a join counted b on b.token = a.token
     where a.round = $earlier and b.round = $later
     order by 1`,
    { earlier, later },
  )
  return result.getRows().map(([first, second]) => ({ earlier: String(first), later: String(second) }))
}
