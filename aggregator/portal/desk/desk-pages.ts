import type { Area } from '../../../schemas/generated/records.ts'
import type { TableColumn } from '../../../schemas/xlsform/tables.ts'
import type { PlanPreview } from '../../disclosure/plan-release.ts'
import type { Labels } from '../../formats/labels.ts'
import type { Indicator, IndicatorDefinition } from '../../indicators/definition.ts'
import { cellsOf, type ColumnTable } from '../../indicators/column-table.ts'
import { type Html, html } from '../html.ts'
import { coverageTable } from '../office/coverage-table.ts'
import type { ConsoleAnswer } from './console.ts'
import { saveForm } from './desk-frame.ts'
import type { FieldReport } from './field-report.ts'
import type { Note } from './notebook.ts'

export interface RoundView {
  /** What checks say, by name. */
  readonly questions: ReadonlyMap<string, string>
  readonly report: FieldReport
  readonly areas: readonly Area[]
  readonly rounds: readonly string[]
  readonly round: string
}

export function roundPage({ questions, report, areas, rounds, round }: RoundView): Html {
  const nameOf = new Map(areas.map(({ code, name }) => [code, name]))
  return html`${roundForm('/office/desk', rounds, round)}
<section><h2>Coverage</h2>${coverageTable(report.coverage, nameOf)}</section>
<section><h2>What the checks found</h2>${
    report.flags.length === 0
      ? html`<p>Nothing.</p>`
      : html`<table><caption>Records by check</caption><thead><tr><th scope="col">Check</th><th scope="col">Severity</th><th scope="col">Records</th></tr></thead><tbody>${report.flags.map(({ code, severity, records }) => html`<tr><th scope="row">${questions.has(code) ? html`${questions.get(code)} <small>${code}</small>` : code}</th><td>${severity}</td><td>${records}</td></tr>`)}</tbody></table>`
  }</section>`
}

export interface TableView {
  readonly definitions: readonly IndicatorDefinition[]
  readonly chosen: IndicatorDefinition
  readonly by: readonly string[]
  readonly rounds: readonly string[]
  readonly round: string
  readonly areas: readonly Area[]
  readonly area: string
  readonly table: ColumnTable | undefined
  readonly labels: Labels
  /** Path of this page, with its query. */
  readonly path: string
}

const mostShown = 500

export function tablePage(view: TableView): Html {
  const { definitions, chosen, by, rounds, round, areas, area, labels, path } = view
  return html`<form method="get" action="/office/desk/table">
<p><label>Indicator <select name="indicator">${definitions.map(({ id, label }) => option(id, `${id} ${label.en ?? ''}`, chosen.id))}</select></label></p>
<fieldset><legend>Broken down by</legend>${chosen.breakdowns.map((id) => html`<label class="choice"><input type="checkbox" name="by" value="${id}"${by.includes(id) ? html` checked` : null}> ${labels.dimension(id)}</label> `)}</fieldset>
<p><label>Area <select name="area"><option value="">all</option>${areas.map(({ code, name }) => option(code, name, area))}</select></label>
<label>Round <select name="round">${rounds.map((each) => option(each, each, round))}</select></label> <button>Show</button></p></form>
${workingTable(view)}
<p>Download: <a href="${path}&amp;format=csv">csv</a> <a href="${path}&amp;format=json">json</a></p>
${saveForm(path, `${chosen.id} by ${by.join(', ') || 'nothing'}`)}`
}

function workingTable({ chosen, table, labels }: TableView): Html {
  if (!table || table.rows === 0) return html`<p>Nobody of this round falls into this table.</p>`
  const { dimensions, rows } = table
  const cells = cellsOf(table, 0, mostShown)
  const isSample = table.sampling !== undefined
  return html`<section><h2>${chosen.label.en ?? chosen.id}</h2><p>${chosen.universeLabel.en ?? ''}. Unit: ${chosen.unit}. Version ${chosen.version}.${isSample ? ' Weighted by the sample design of the round; U is of low reliability.' : ''}</p>
${wide(
  'Working table',
  html`<table><caption>${rows > mostShown ? `The first ${mostShown} of ${rows} rows; the download holds all` : `${rows} rows`}</caption><thead><tr>${dimensions.map(({ id }) => html`<th scope="col">${labels.dimension(id)}</th>`)}<th scope="col">Value</th>${isSample ? html`<th scope="col">95 % interval</th>` : null}<th scope="col">Cases</th><th scope="col">Respondents</th><th scope="col">Without answer</th></tr></thead><tbody>${cells.map(
    ({ nodes, value, cases, respondents, withoutAnswer, sampling }) =>
      html`<tr>${dimensions.map(({ id, nodes: tree }, axis) => html`<td>${labels.code(id, tree[nodes[axis] ?? 0]?.code ?? '')}</td>`)}<td>${value === null ? '' : shown(value)}</td>${isSample ? html`<td>${sampling ? `${shown(sampling.low)} to ${shown(sampling.high)}${sampling.status === 'U' ? ' U' : ''}` : ''}</td>` : null}<td>${cases}</td><td>${respondents}</td><td>${withoutAnswer}</td></tr>`,
  )}</tbody></table>`,
)}</section>`
}

const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 })

export function definitionsPage(indicators: readonly Indicator[]): Html {
  return wide(
    'Definitions',
    html`<table><caption>${indicators.length} definitions</caption><thead><tr><th scope="col">Id</th><th scope="col">Version</th><th scope="col">What</th><th scope="col">Type and unit</th><th scope="col">Universe</th><th scope="col">Counted</th><th scope="col">Class and source</th></tr></thead><tbody>${indicators.map(
      ({ definition: each }) =>
        html`<tr><th scope="row">${each.id}</th><td>${each.version}</td><td>${each.title.en ?? ''}</td><td>${each.type}, ${each.unit}</td><td>${each.universeLabel.en ?? ''}<br><code>${each.universe ?? ''}</code></td><td><code>${each.numerator ?? each.value ?? ''}</code></td><td>${each.class}: ${each.source}</td></tr>`,
    )}</tbody></table>`,
  )
}

export function planPage(previews: readonly PlanPreview[], rounds: readonly string[], round: string): Html {
  const cells = previews.reduce((sum, each) => sum + each.cells, 0)
  const withheld = previews.reduce((sum, each) => sum + each.cells * each.expectedWithheldShare, 0)
  return html`${roundForm('/office/desk/plan', rounds, round)}
<p>${previews.length} tables of ${cells.toLocaleString('en')} cells are planned; about ${percent(cells === 0 ? 0 : withheld / cells)} would be withheld. Decide on the plan before looking at figures, not after.</p>
${wide(
  'Release plan',
  html`<table><caption>Planned tables, the riskiest first</caption><thead><tr><th scope="col">Indicator</th><th scope="col">Breakdown</th><th scope="col">Cells</th><th scope="col">Small</th><th scope="col">Withheld, about</th><th scope="col">Advice</th></tr></thead><tbody>${previews
    .toSorted((a, b) => b.smallShare - a.smallShare)
    .map(
      ({ indicator, breakdown, cells: size, smallShare, expectedWithheldShare, advice }) =>
        html`<tr><th scope="row">${indicator}</th><td>${breakdown}</td><td>${size}</td><td>${percent(smallShare)}</td><td>${percent(expectedWithheldShare)}</td><td>${advice ?? ''}</td></tr>`,
    )}</tbody></table>`,
)}`
}

export interface QueryView {
  readonly text: string
  readonly columns: Readonly<Record<'homes' | 'people', readonly TableColumn[]>>
  readonly answer: ConsoleAnswer | null
  readonly problem: string | null
}

export function queryPage({ text, columns, answer, problem }: QueryView): Html {
  return html`<p>Reads <code>homes</code> and <code>people</code> of the round (joined by <code>home</code>), without keys, days, sensitive answers and typed text. It answers with totals over three rows or more, never with people. Ten seconds, ${(1000).toLocaleString('en')} rows. Every query is written into the audit chain.</p>
<form method="post" action="/office/desk/query"><p><label>SQL<br><textarea name="sql" rows="8" required maxlength="8000" spellcheck="false" autocapitalize="none">${text}</textarea></label></p><p><button>Run</button></p></form>
${problem === null ? null : html`<p role="alert">${problem}</p>`}
${answer === null ? null : answerTable(answer)}
${(['homes', 'people'] as const).map((view) => html`<details><summary>Columns of ${view}</summary><p><code>home</code>, <code>area</code>, ${columns[view].map(({ name, question }) => html`<code title="${question?.label?.['en'] ?? ''}">${name}</code> `)}</p></details>`)}`
}

function answerTable({ columns, rows, cut, milliseconds }: ConsoleAnswer): Html {
  return wide(
    'Answer',
    html`<table><caption>${rows.length} rows${cut ? ', and more that are not shown' : ''}, ${milliseconds} ms</caption><thead><tr>${columns.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody></table>`,
  )
}

export function notebookPage(notes: readonly Note[]): Html {
  if (notes.length === 0) return html`<p>Nothing is kept yet. Each table has a button to keep it.</p>`
  return html`<ul>${notes.map(({ title, path, saved }) => html`<li><a href="${path}">${title}</a> <small>${saved.slice(0, 10)}</small> <form method="post" action="/office/desk/notebook/remove" class="inline"><input type="hidden" name="path" value="${path}"><button>Remove</button></form></li>`)}</ul>`
}

const percent = (share: number) => `${Math.round(share * 100)} %`
const option = (value: string, name: string, chosen: string) =>
  html`<option value="${value}"${value === chosen ? html` selected` : null}>${name}</option>`
const wide = (name: string, table: Html) => html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">${table}</div>`
const roundForm = (action: string, rounds: readonly string[], round: string) =>
  html`<form method="get" action="${action}"><p><label>Round <select name="round">${rounds.map((each) => option(each, each, round))}</select></label> <button>Show</button></p></form>`
