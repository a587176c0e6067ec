import { readFile } from 'node:fs/promises'
import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { type AreaCoverage, coverage } from './coverage.ts'
import { type HomeTwins, homeTwins } from './home-twins.ts'
import { type Outlier, outliers } from './outliers.ts'
import { type PersonTwins, personTwins } from './person-twins.ts'

/** What only the server can see: records beside each other. For the supervisor's eyes; nothing here changes a record. */
export interface FieldQuality {
  readonly homeTwins: readonly HomeTwins[]
  readonly personTwins: readonly PersonTwins[]
  readonly enumerators: readonly EnumeratorLine[]
  readonly coverage: readonly AreaCoverage[]
  readonly outliers: readonly Outlier[]
}

export interface EnumeratorLine {
  readonly device: string
  readonly interviews: number
  readonly medianMinutes: number
  readonly meanMembers: number
  readonly shareHeld: number
  readonly shareWarned: number
  readonly mostInADay: number
  /** Figures that lie far from those of the other phones. */
  readonly unusual: readonly ('medianMinutes' | 'meanMembers' | 'shareHeld' | 'shareWarned' | 'mostInADay')[]
}

/** @param listed homes per area on the listing. */
export async function fieldQuality(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: Pick<Round, 'id' | 'areas'>,
  listed: ReadonlyMap<string, number> = new Map(),
): Promise<FieldQuality> {
  return {
    homeTwins: await homeTwins(connection, questionnaire, round.id),
    personTwins: await personTwins(connection, questionnaire, round),
    enumerators: await enumerators(connection, round.id),
    coverage: await coverage(connection, questionnaire, round.id, listed),
    outliers: await outliers(connection, questionnaire, round.id),
  }
}

async function enumerators(connection: DuckDBConnection, round: string): Promise<readonly EnumeratorLine[]> {
  const result = await connection.runAndReadAll(await sqlOf('enumerators'), { round })
  const lines = result.getRows().map(([device, ...numbers]) => {
    const [interviews = 0, medianMinutes = 0, meanMembers = 0, shareHeld = 0, shareWarned = 0, mostInADay = 0] = numbers.map(Number)
    return { device: String(device), interviews, medianMinutes, meanMembers, shareHeld, shareWarned, mostInADay }
  })
  return lines.map((line) => ({
    ...line,
    unusual: figures.filter((figure) =>
      isFar(
        line[figure],
        lines.map((each) => each[figure]),
      ),
    ),
  }))
}

const figures = ['medianMinutes', 'meanMembers', 'shareHeld', 'shareWarned', 'mostInADay'] as const

/**
 * Robust z-score above 3.5, and at least a fifth away from the median where all others agree exactly.
 * @source Iglewicz and Hoaglin (1993), How to detect and handle outliers: modified z = 0.6745 (x - median) / MAD.
 */
export function isFar(value: number, all: readonly number[]): boolean {
  if (all.length < 4) return false
  const middle = median(all)
  const spread = median(all.map((each) => Math.abs(each - middle)))
  const away = Math.abs(value - middle)
  return spread === 0 ? away > Math.abs(middle) / 5 : (0.6745 * away) / spread > 3.5
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  return (low + high) / 2
}

const sqlOf = (name: string) => readFile(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8')

/** The round of the last record that arrived, and the newest version of its questionnaire there; null when nothing has arrived. */
export async function latestRound(
  connection: DuckDBConnection,
  round: string | null,
): Promise<{ readonly round: string; readonly questionnaire: { readonly id: string; readonly version: string } } | null> {
  const result = await connection.runAndReadAll(
    `select round, questionnaire_id, questionnaire_version from ledger
     where questionnaire_id is not null and round = coalesce($round, round) order by received desc limit 1`,
    { round },
    { round: VARCHAR },
  )
  const [row] = result.getRows()
  return row ? { round: String(row[0]), questionnaire: { id: String(row[1]), version: String(row[2]) } } : null
}
