import { readFile } from 'node:fs/promises'
import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'
import { type Outlier, outliers } from './outliers.ts'

/** What only the server can see: records beside each other. For the supervisor's eyes; nothing here changes a record. */
export interface FieldQuality {
  readonly twins: readonly (readonly [string, string])[]
  readonly enumerators: readonly EnumeratorLine[]
  readonly coverage: readonly CoverageLine[]
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

export interface CoverageLine {
  readonly area: string
  /** Homes on the listing, when it is known. */
  readonly listed: number | null
  readonly visited: number
  readonly interviewed: number
  readonly held: number
  readonly withoutInterview: number
}

/** @param listed homes per area on the listing. */
export async function fieldQuality(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  listed: ReadonlyMap<string, number> = new Map(),
): Promise<FieldQuality> {
  return {
    twins: await twinHouseholds(connection, questionnaire, round),
    enumerators: await enumerators(connection, round),
    coverage: await coverage(connection, round, listed),
    outliers: await outliers(connection, questionnaire, round),
  }
}

async function twinHouseholds(connection: DuckDBConnection, questionnaire: Questionnaire, round: string): Promise<FieldQuality['twins']> {
  const members = nodesOf(questionnaire.items).flatMap(({ item, repeat }) =>
    item.kind === 'question' && repeat && item.concept !== undefined
      ? [{ concept: item.concept.split('/')[0], name: item.name, repeat: repeat.name }]
      : [],
  )
  const find = (concept: string) => members.find((each) => each.concept === concept)
  const [sex, birthMonth, birthCountry] = [find('sex'), find('birth-month'), find('country-of-birth')]
  if (!sex || !birthMonth || !birthCountry) return []
  const template = await sqlOf('twin-households')
  const sql = template
    .replaceAll('{sex}', quotedIdentifier(sex.name))
    .replaceAll('{birth_month}', quotedIdentifier(birthMonth.name))
    .replaceAll('{birth_country}', quotedIdentifier(birthCountry.name))
    .replaceAll('{members}', quotedIdentifier(`current_${questionnaire.id}_${sex.repeat}`))
  const result = await connection.runAndReadAll(sql, { round })
  return result.getRows().map(([first, second]) => [String(first), String(second)] as const)
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

async function coverage(
  connection: DuckDBConnection,
  round: string,
  listed: ReadonlyMap<string, number>,
): Promise<readonly CoverageLine[]> {
  const result = await connection.runAndReadAll(await sqlOf('coverage'), { round })
  const visited = new Map(result.getRows().map(([area, ...counts]) => [String(area), counts.map(Number)]))
  // An area nobody has been to is the one that matters most.
  const areas = [...new Set([...listed.keys(), ...visited.keys()])].sort()
  return areas.map((area) => {
    const [homes = 0, interviewed = 0, held = 0, withoutInterview = 0] = visited.get(area) ?? []
    return { area, listed: listed.get(area) ?? null, visited: homes, interviewed, held, withoutInterview }
  })
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
