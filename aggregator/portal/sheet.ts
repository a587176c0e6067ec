import { countFigures, figureAt, findTable, sliceOf, tablesOf } from './slices.ts'
import { labelOf, tabulated, type View } from './view.ts'

/** A share as a resident reads it: so many dots of a hundred, or of a thousand. */
export interface SheetShare {
  readonly indicator: string
  /** The question, in the reader's language. */
  readonly asked: string
  readonly value: number
  readonly outOf: 100 | 1000
  /** Few people behind it. */
  readonly low: boolean
}

/** All that stands on one area's community sheet, in words and figures, ready for page and paper. */
export interface CommunitySheet {
  readonly title: string
  readonly subtitle: string
  readonly people: string | null
  readonly sexes: { readonly sentence: string; readonly women: number; readonly men: number } | null
  readonly shares: readonly SheetShare[]
  readonly hidden: string
  readonly ask: readonly string[]
  readonly source: string
}

/** Asked at the doors most often; others fill up what is withheld here. */
const first = ['MIG04', 'MIG01', 'MIG03', 'REM01', 'EDU01', 'CBM03', 'LAB01', 'DOC02', 'HLT01', 'MIG06'] as const
/** As many as fit on one A4 with their pictures. */
const most = 6

export function communitySheet(view: View, area: string): CommunitySheet {
  const { say, labels, release, contact } = view
  const name = labels.code('REF_AREA', area)
  const people = figureAt(release, 'POP01', area)?.cell.value
  return {
    title: name,
    subtitle: `${release.roundTitle} · ${say.day(release.published)}`,
    people: typeof people === 'number' ? say('sheet-people', { people: say.number(people), area: name }) : null,
    sexes: sexesOf(view, area),
    shares: sharesOf(view, area),
    hidden: hiddenOf(view, area),
    ask: [...(contact ? [contact] : []), say('sheet-ask-text')],
    source: say('sheet-source', { round: release.roundTitle, release: release.id }),
  }
}

function sexesOf({ say, release }: View, area: string): CommunitySheet['sexes'] {
  const table = findTable(release, 'POP01', ['REF_AREA', 'SEX'])
  const cells = table ? sliceOf(table, ['SEX'], { REF_AREA: area }) : []
  const of = (sex: string) => cells.find(({ codes }) => codes['SEX'] === sex)?.cell.value ?? null
  const [women, men] = [of('F'), of('M')]
  if (women === null || men === null) return null
  return { sentence: say('sheet-sexes', { women: say.number(women), men: say.number(men) }), women, men }
}

function sharesOf(view: View, area: string): readonly SheetShare[] {
  const shown = tabulated(view.release).filter(({ unit, id }) => (unit === 'percent' || unit === 'per 1000') && !id.startsWith('QUA'))
  const rank = (id: string) => {
    const place = first.findIndex((each) => each === id)
    return place < 0 ? first.length : place
  }
  return shown
    .toSorted((a, b) => rank(a.id) - rank(b.id))
    .flatMap((indicator): SheetShare[] => {
      const found = figureAt(view.release, indicator.id, area)
      // A mean in percent is no share of people.
      if (!found || found.cell.value === null || (found.table.type !== 'proportion' && found.table.type !== 'ratio')) return []
      const outOf = indicator.unit === 'percent' ? 100 : 1000
      return [{ indicator: indicator.id, asked: labelOf(view, indicator), value: found.cell.value, outOf, low: found.cell.status === 'U' }]
    })
    .slice(0, most)
}

function hiddenOf({ say, release }: View, area: string): string {
  const tables = tabulated(release).flatMap(({ id }) => tablesOf(release, id))
  const here = tables.flatMap((table) => {
    const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
    const node = table.dimensions[axis]?.nodes.findIndex(({ code }) => code === area) ?? -1
    return axis < 0 || node < 0 ? [] : [{ ...table, cells: table.cells.filter(({ nodes }) => nodes[axis] === node) }]
  })
  const { all, published } = countFigures(here)
  return say('sheet-hidden-text', { hidden: say.number(all - published), all: say.number(all) })
}
