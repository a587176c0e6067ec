import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'

/** Homes of one area, each counted once. Supervisor, desk and command read this one rule. */
export interface AreaCoverage {
  readonly area: string
  /** Homes on the listing; null when nobody said. */
  readonly listed: number | null
  readonly visited: number
  readonly interviewed: number
  /** Interviewed, and waiting for a decision. */
  readonly held: number
  readonly refused: number
  /** Nobody able to answer, or away for long. */
  readonly absent: number
  /** Empty or no home, not found, moved away: nobody was to be interviewed there. */
  readonly noHome: number
  /** Left half done, not safe to interview, or without a result. */
  readonly other: number
}

/**
 * Coverage of every area that was listed or visited.
 * @param listed homes by area as the office gave them; records of kind listing count where it gave none.
 */
export async function coverage(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  listed: ReadonlyMap<string, number>,
): Promise<readonly AreaCoverage[]> {
  const template = await readFile(new URL('./sql/coverage.sql', import.meta.url), 'utf8')
  const result = visitResult(questionnaire)
  const sql = template
    .replaceAll('{table}', quotedIdentifier(questionnaire.id))
    .replaceAll('{result}', result === undefined ? 'null' : `h.${quotedIdentifier(result)}`)
  const found = (await connection.runAndReadAll(sql, { round })).getRows()
  const visited = new Map(found.map(([area, ...counts]) => [String(area), counts.map(Number)]))
  const homes = new Map([...(await listingRecords(connection, round)), ...listed])
  // An area nobody has been to is the one that matters most.
  const areas = [...new Set([...homes.keys(), ...visited.keys()])].sort()
  return areas.map((area) => {
    const [all = 0, interviewed = 0, held = 0, refused = 0, absent = 0, noHome = 0, other = 0] = visited.get(area) ?? []
    return { area, listed: homes.get(area) ?? null, visited: all, interviewed, held, refused, absent, noHome, other }
  })
}

/** Interviews that count, of the homes where somebody was to be interviewed; null before the first such home. */
export function responseRate({ visited, interviewed, noHome }: Pick<AreaCoverage, 'visited' | 'interviewed' | 'noHome'>): number | null {
  return visited === noHome ? null : interviewed / (visited - noHome)
}

/** The calculated result stands after the one that was picked, and knows refusals. */
function visitResult({ items }: Questionnaire): string | undefined {
  return nodesOf(items).findLast(
    ({ item, repeat }) => item.kind === 'question' && !repeat && item.concept?.split('/')[0] === 'visit-result',
  )?.item.name
}

async function listingRecords(connection: DuckDBConnection, round: string): Promise<readonly (readonly [string, number])[]> {
  const result = await connection.runAndReadAll(
    `select area, count(distinct root)::integer from ledger
     where round = $round and kind = 'listing' and status = 'accepted' and area is not null group by area order by area`,
    { round },
  )
  return result.getRows().map(([area, homes]) => [String(area), Number(homes)] as const)
}
