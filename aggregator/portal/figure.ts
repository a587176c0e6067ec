import type { Labels } from '../formats/labels.ts'
import type { SliceCell } from './slices.ts'
import { type Html, html, raw } from './html.ts'
import type { Words } from './words.ts'

/** A picture with its sentence and, always, its table: the same figures for those who look and those who read. */
export function figure(
  say: Words,
  { finding, svg, table }: { readonly finding: string; readonly svg: string; readonly table: Html },
): Html {
  return html`<figure>
<div role="img" aria-label="${finding}" class="chart">${raw(svg)}</div>
<figcaption>${finding}</figcaption>
<details><summary>${say('table')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${finding}">${table}</div></details>
</figure>`
}

/** A table with one row per code of the first kept dimension and one column per code of the second, if there is one. */
export function figureTable(
  say: Words,
  labels: Labels,
  caption: string,
  cells: readonly SliceCell[],
  rows: string,
  columns?: string,
): Html {
  const rowCodes = [...new Set(cells.map(({ codes }) => codes[rows] ?? ''))]
  const columnCodes = columns ? [...new Set(cells.map(({ codes }) => codes[columns] ?? ''))] : ['']
  const at = (row: string, column: string) => cells.find(({ codes }) => codes[rows] === row && (!columns || codes[columns] === column))
  const heads = columns ? columnCodes.map((code) => labels.code(columns, code)) : [say('value')]
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${labels.dimension(rows)}</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rowCodes.map(
    (row) => html`<tr><th scope="row">${labels.code(rows, row)}</th>${columnCodes.map((column) => figureCell(say, at(row, column)))}</tr>
`,
  )}</tbody></table>`
}

/** The full cross of three dimensions: one block of rows per code of the first, rows of the second, columns of the third. */
export function crossTable(
  say: Words,
  labels: Labels,
  caption: string,
  cells: readonly SliceCell[],
  [blocks, rows, columns]: readonly [string, string, string],
): Html {
  const codesOf = (id: string) => [...new Set(cells.map(({ codes }) => codes[id] ?? ''))]
  const found = new Map(cells.map((each) => [`${each.codes[blocks]} ${each.codes[rows]} ${each.codes[columns]}`, each]))
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

function figureCell(say: Words, found: SliceCell | undefined): Html {
  if (!found || found.cell.status === 'M') return html`<td>–</td>`
  if (found.cell.value === null) return html`<td><abbr title="${say('withheld')}">⁂</abbr></td>`
  return html`<td>${found.cell.value.toLocaleString('en')}${found.cell.status === 'U' ? html` <abbr title="${say('low')}">*</abbr>` : null}</td>`
}
