import type { Labels } from '../../aggregator/formats/labels.ts'
import type { PublishedRelease } from '../../aggregator/portal/published.ts'
import { findTable, leavesOf, figureAt, sliceOf } from '../../aggregator/portal/slices.ts'

const shownIndicators = ['MIG01', 'MIG03', 'MIG04', 'MIG06', 'EDU01', 'LAB01', 'DOC02', 'CBM03'] as const

/** The end of the demo: a pyramid and a few figures, all from the released tables and nothing else. */
export function terminalReport(release: PublishedRelease, labels: Labels): string {
  return [pyramid(release, labels), figures(release)].join('\n')
}

function pyramid(release: PublishedRelease, labels: Labels): string {
  const table = findTable(release, 'POP01', ['SEX', 'AGE'])
  if (!table) return ''
  const cells = sliceOf(table, ['SEX', 'AGE'])
  const persons = (age: string, sex: string) => cells.find(({ codes }) => codes.AGE === age && codes.SEX === sex)?.cell.value ?? null
  const ages = leavesOf(table, 'AGE').filter((age) => age !== '_U')
  const most = Math.max(1, ...ages.flatMap((age) => [persons(age, 'F') ?? 0, persons(age, 'M') ?? 0]))
  const bar = (value: number | null) => (value === null ? '⁂' : '█'.repeat(Math.round((value / most) * 22)))
  const line = (age: string) =>
    `${String(persons(age, 'F') ?? '⁂').padStart(5)} ${bar(persons(age, 'F')).padStart(22)} ${labels.code('AGE', age).padStart(6)} ${bar(persons(age, 'M')).padEnd(22)} ${persons(age, 'M') ?? '⁂'}`
  return [`${'Women'.padStart(28)}        Men`, ...ages.toReversed().map(line)].join('\n')
}

function figures(release: PublishedRelease): string {
  return shownIndicators
    .flatMap((id) => {
      const indicator = release.indicators.find((each) => each.id === id)
      if (!indicator) return []
      const value = figureAt(release, id)?.cell.value
      return [
        `${(value === undefined || value === null ? '⁂' : String(value)).padStart(8)} ${indicator.unit.padEnd(9)} ${indicator.label.en}`,
      ]
    })
    .join('\n')
}
