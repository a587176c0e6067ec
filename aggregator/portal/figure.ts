import type { ProtectedCell } from '../disclosure/protected.ts'
import type { SliceCell } from './slices.ts'
import { type Html, html, raw } from './html.ts'
import type { View } from './view.ts'
import type { Words } from './words.ts'

/** A picture with its sentence and, always, its table: the same figures for those who look and those who read. */
export function figure({ say }: Pick<View, 'say'>, { finding, svg, table, legend, note, open }: FigureParts): Html {
  return html`<figure>${legend ?? null}
<div role="img" aria-label="${finding}" class="chart">${raw(svg)}</div>
<figcaption>${finding}${note ? html`<br><small>${note}</small>` : null}</figcaption>
<details ${open ? html`open` : null}><summary>${say('table')}</summary>${scrolling(finding, table)}</details>
</figure>`
}

export interface FigureParts {
  /** What the picture shows, in one sentence. */
  readonly finding: string
  readonly svg: string
  readonly table: Html
  readonly legend?: Html
  readonly note?: string
  /** The table stands open where it is what was asked for. */
  readonly open?: boolean
}

/** A table wider than a phone moves inside its own box, by finger and by keyboard. */
export function scrolling(label: string, table: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`
}

/** A table with one row per code of the first kept dimension and one column per code of the second, if there is one. */
export function figureTable(
  { say, labels }: Pick<View, 'say' | 'labels'>,
  caption: string,
  cells: readonly SliceCell[],
  rows: string,
  columns?: string,
): Html {
  const rowCodes = [...new Set(cells.map(({ codes }) => codes[rows] ?? ''))]
  const columnCodes = columns ? [...new Set(cells.map(({ codes }) => codes[columns] ?? ''))] : ['']
  const found = new Map(cells.map((each) => [`${each.codes[rows]} ${columns ? each.codes[columns] : ''}`, each.cell]))
  const heads = columns ? columnCodes.map((code) => labels.code(columns, code)) : [say('value')]
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${labels.dimension(rows)}</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rowCodes.map(
    (
      row,
    ) => html`<tr><th scope="row">${labels.code(rows, row)}</th>${columnCodes.map((column) => figureCell(say, found.get(`${row} ${column}`)))}</tr>
`,
  )}</tbody></table>`
}

/** The full cross of three dimensions: one block of rows per code of the first, rows of the second, columns of the third. */
export function crossTable(
  { say, labels }: Pick<View, 'say' | 'labels'>,
  caption: string,
  cells: readonly SliceCell[],
  [blocks, rows, columns]: readonly [string, string, string],
): Html {
  const codesOf = (id: string) => [...new Set(cells.map(({ codes }) => codes[id] ?? ''))]
  const found = new Map(cells.map((each) => [`${each.codes[blocks]} ${each.codes[rows]} ${each.codes[columns]}`, each.cell]))
  const heads = codesOf(columns)
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${labels.dimension(rows)}</th>${heads.map((code) => html`<th scope="col">${labels.code(columns, code)}</th>`)}</tr></thead>
${codesOf(blocks).map(
  (block) => html`<tbody><tr><th scope="rowgroup" colspan="${heads.length + 1}">${labels.code(blocks, block)}</th></tr>
${codesOf(rows).map(
  (
    row,
  ) => html`<tr><th scope="row">${labels.code(rows, row)}</th>${heads.map((column) => figureCell(say, found.get(`${block} ${row} ${column}`)))}</tr>
`,
)}</tbody>`,
)}</table>`
}

export function figureCell(say: Words, cell: ProtectedCell | undefined): Html {
  return html`<td>${figureText(say, cell)}</td>`
}

/** The figure, or the sign for why there is none: withheld is never 0. */
export function figureText(say: Words, cell: ProtectedCell | undefined): Html {
  if (!cell || cell.status === 'M') return html`–`
  if (cell.value === null) return html`<abbr title="${say('withheld')}">⁂</abbr>`
  return html`${say.number(cell.value)}${cell.status === 'U' ? html` <abbr title="${say('low')}">*</abbr>` : null}`
}

/** The signs of every table, at the foot of every page that has one. */
export function symbols(say: Words): Html {
  return html`<p class="symbol"><b>${say('symbols')}</b> ${say('withheld-long')} ${say('symbol-low')} ${say('symbol-impossible')}</p>`
}
