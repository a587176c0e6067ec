import { seededRandom } from '../../aggregator/disclosure/tables/modular.ts'
import type { WorkingCell, WorkingTable } from '../../aggregator/indicators/working-table.ts'
import type { Office } from '../../aggregator/open-office.ts'
import type { Release } from '../../aggregator/releases/release.ts'
import { communityTables, madeUpPeople } from '../aggregator/disclosure/community.ts'
import { publishTables } from './released-office.ts'

/** A release made by the real engine, and the figures of pay that it withholds. */
export async function publishPay(
  office: Pick<Office, 'config' | 'keys'>,
): Promise<{ readonly release: Release; readonly withheld: ReadonlySet<string> }> {
  const [count] = communityTables(madeUpPeople(3, 300, 0, 5), 3)
  if (!count) throw new Error('no tables')
  const pay = payTable(count)
  const release = await publishTables(office, [count, pay], { areas: { _T: 'Town', B01: 'First', B02: 'Second', B03: 'Third' } })
  return { release, withheld: unreleased(pay, release) }
}

/**
 * A table of pay in which every group has a sum of eight digits that occurs nowhere else: where such a sum is withheld and yet
 * turns up, somebody told it. Small counts would prove nothing, they stand in every page number.
 */
function payTable(count: WorkingTable): WorkingTable {
  const random = seededRandom(77)
  const parents = count.dimensions.map(({ nodes }) => new Set(nodes.flatMap(({ parent }) => (parent === null ? [] : [parent]))))
  const sums = new Map<string, number>()
  const above = (nodes: readonly number[]): readonly (readonly number[])[] =>
    nodes.reduce<readonly (readonly number[])[]>(
      (all, node, axis) => {
        const path = [node]
        for (
          let up = count.dimensions[axis]?.nodes[node]?.parent ?? null;
          up !== null;
          up = count.dimensions[axis]?.nodes[up]?.parent ?? null
        )
          path.push(up)
        return all.flatMap((each) => path.map((one) => [...each, one]))
      },
      [[]],
    )
  for (const { nodes, respondents } of count.cells) {
    if (nodes.some((node, axis) => parents[axis]?.has(node))) continue
    const pay = Array.from({ length: respondents }, () => 10_000_000 + Math.floor(random() * 80_000_000)).reduce(
      (sum, each) => sum + each,
      0,
    )
    for (const each of above(nodes)) sums.set(each.join(), (sums.get(each.join()) ?? 0) + pay)
  }
  const cells = count.cells.map((cell): WorkingCell => {
    const numerator = sums.get(cell.nodes.join()) ?? 0
    return { ...cell, cases: cell.respondents, numerator, denominator: cell.respondents, value: numerator / cell.respondents }
  })
  return { ...count, indicator: 'PAY01', type: 'mean', cells }
}

/** Sums and means of pay that no published cell shows, as they might be printed. */
function unreleased(pay: WorkingTable, { tables }: Release): ReadonlySet<string> {
  const own = tables.filter(({ indicator }) => indicator === 'PAY01')
  const published = new Set<number>()
  const codeOf = (table: Pick<WorkingTable, 'dimensions'>, nodes: readonly number[]) =>
    new Map(table.dimensions.map(({ id, nodes: all }, axis) => [id, all[nodes[axis] ?? 0]?.code ?? '_T']))
  const shown = new Set(
    own.flatMap((table) =>
      table.cells
        .filter(({ value }) => value !== null)
        .map(({ nodes }) => {
          const codes = codeOf(table, nodes)
          return pay.dimensions.map(({ id }) => codes.get(id) ?? '_T').join()
        }),
    ),
  )
  const keyOf = ({ nodes }: WorkingCell) => [...codeOf(pay, nodes).values()].join()
  for (const cell of pay.cells) if (shown.has(keyOf(cell))) published.add(cell.numerator)
  const withheld = pay.cells.filter((cell) => !shown.has(keyOf(cell)) && !published.has(cell.numerator))
  // A mean is published with three digits that count; that is how a withheld one would be told.
  const means = new Set(own.flatMap((table) => table.cells.map(({ value }) => value)))
  const withheldMeans = withheld
    .map(({ value }) => Number((value ?? 0).toPrecision(3)))
    // Round ones stand on the axes of charts.
    .filter((mean) => !means.has(mean) && mean % 10_000_000 !== 0)
  return new Set([...withheld.map(({ numerator }) => numerator), ...withheldMeans].map(String))
}

/** Which of these numbers of eight digits occur in the text, however their digits are grouped. */
export function numbersTold(bytes: Buffer, secrets: ReadonlySet<string>): readonly string[] {
  const text = bytes.toString('latin1')
  // As they stand, and with groups of three joined: in a list of numbers joining would hide what it should find.
  const numbers = [text, text.replace(/(?<=\d)[,.\u00a0 '](?=\d{3})/g, '')].flatMap((each) => each.match(/\d{8,}/g) ?? [])
  return [...new Set(numbers)].filter((each) => secrets.has(each))
}
