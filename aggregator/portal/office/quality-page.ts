import type { EnumeratorLine, FieldQuality } from '../../ingest/field-quality.ts'
import type { Outlier } from '../../ingest/outliers.ts'
import type { MemberAt, PersonTwins } from '../../ingest/person-twins.ts'
import { type Html, html } from '../html.ts'
import { coverageTable } from './coverage-table.ts'

/** Whose work and which places a supervisor may look at. */
export interface Sight {
  readonly area: (code: string) => boolean
  readonly device: (id: string) => boolean
}

/** The part of the findings that lies in sight. Of a pair across the border the own side stays; phones were compared with all others before. */
export function qualityInSight(quality: FieldQuality, sight: Sight): FieldQuality {
  return {
    homeTwins: quality.homeTwins.filter(({ area }) => sight.area(area)),
    personTwins: quality.personTwins.filter(({ pair }) => pair.some(({ area }) => sight.area(area))),
    enumerators: quality.enumerators.filter(({ device }) => sight.device(device)),
    coverage: quality.coverage.filter(({ area }) => sight.area(area)),
    outliers: quality.outliers.filter(({ area }) => sight.area(area)),
  }
}

export interface QualityView {
  readonly quality: FieldQuality
  readonly sight: Sight
  /** Names by code. */
  readonly areas: ReadonlyMap<string, string>
  /** What questions say, by name. */
  readonly questions: ReadonlyMap<string, string>
  readonly rounds: readonly string[]
  readonly round: string
}

const mostShown = 100

/** What records beside each other show. Names records, phones and questions; never an answer. */
export function qualityPage({ quality, sight, areas, questions, rounds, round }: QualityView): Html {
  const nameOf = (code: string) => areas.get(code) ?? code
  return html`<form method="get" action="/office/fieldwork/quality"><p><label>Round <select name="round">${rounds.map((each) => html`<option value="${each}"${each === round ? html` selected` : null}>${each}</option>`)}</select></label> <button>Show</button></p></form>
<p>For a look, never a judgement by itself. Nothing here changes a record: <a href="/office/fieldwork">decide on the records that wait</a>.</p>
<section><h2>Coverage</h2>${coverageTable(quality.coverage, areas)}</section>
<section><h2>Phones</h2>${phones(quality.enumerators)}</section>
<section><h2>Perhaps counted twice</h2>${people(quality.personTwins, sight, nameOf)}${homes(quality, nameOf)}</section>
<section><h2>Answers far from all others</h2>${outliers(quality.outliers, nameOf, questions)}</section>`
}

const columns = [
  ['medianMinutes', 'Minutes, median', (value: number) => value.toFixed(0)],
  ['meanMembers', 'Members, mean', (value: number) => value.toFixed(1)],
  ['shareHeld', 'Held', percent],
  ['shareWarned', 'With warnings', percent],
  ['mostInADay', 'Most in a day', (value: number) => value.toFixed(0)],
] as const

function phones(lines: readonly EnumeratorLine[]): Html {
  if (lines.length === 0) return html`<p>No interview yet.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Phones"><table><caption>Interviews of each phone; a figure far from those of the other phones (modified z-score above 3.5) is marked</caption><thead><tr><th scope="col">Phone</th><th scope="col">Interviews</th>${columns.map(([, title]) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${lines.map(
    (line) =>
      html`<tr><th scope="row">${line.device}</th><td>${line.interviews}</td>${columns.map(([name, , shown]) => html`<td>${line.unusual.includes(name) ? html`<strong>${shown(line[name])} unusual</strong>` : shown(line[name])}</td>`)}</tr>`,
  )}</tbody></table></div>`
}

function people(twins: readonly PersonTwins[], sight: Sight, nameOf: (code: string) => string): Html {
  if (twins.length === 0) return html`<p>No two people of different homes look like one.</p>`
  const place = ({ record, area, member }: MemberAt) =>
    sight.area(area) ? html`${nameOf(area)}, member ${member} <small>${record}</small>` : html`a home of another area`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="People"><table><caption>${shownOf(twins)} of people with the same name, birth month, sex and country of birth, where both homes consented to linking</caption><thead><tr><th scope="col">One</th><th scope="col">Other</th><th scope="col">Other answers that agree</th></tr></thead><tbody>${twins
    .slice(0, mostShown)
    .map(
      ({ pair: [one, other], agreeing, compared }) =>
        html`<tr><th scope="row">${place(one)}</th><td>${place(other)}</td><td>${agreeing} of ${compared}</td></tr>`,
    )}</tbody></table></div>`
}

function homes({ homeTwins }: FieldQuality, nameOf: (code: string) => string): Html {
  if (homeTwins.length === 0) return html`<p>No two homes of an area look like one.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Homes"><table><caption>${shownOf(homeTwins)} of homes whose members agree in sex, birth month and country of birth</caption><thead><tr><th scope="col">Area</th><th scope="col">One</th><th scope="col">Other</th></tr></thead><tbody>${homeTwins
    .slice(0, mostShown)
    .map(
      ({ area, records: [one, other] }) => html`<tr><th scope="row">${nameOf(area)}</th><td>${one}</td><td>${other}</td></tr>`,
    )}</tbody></table></div>`
}

function outliers(found: readonly Outlier[], nameOf: (code: string) => string, questions: QualityView['questions']): Html {
  if (found.length === 0) return html`<p>None.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Outliers"><table><caption>${found.length > mostShown ? `The farthest ${mostShown} of ${found.length}` : `${found.length}`}; the number itself is not shown</caption><thead><tr><th scope="col">Question</th><th scope="col">Too</th><th scope="col">Area</th><th scope="col">Record</th></tr></thead><tbody>${found
    .slice(0, mostShown)
    .map(
      ({ record, area, question, member, distance }) =>
        html`<tr><th scope="row">${questions.get(question) ?? question} <small>${question}${member === null ? null : `, member ${member}`}</small></th><td>${distance > 0 ? 'large' : 'small'}</td><td>${nameOf(area)}</td><td>${record}</td></tr>`,
    )}</tbody></table></div>`
}

const shownOf = ({ length }: readonly unknown[]) =>
  length > mostShown ? `The likeliest ${mostShown} of ${length} pairs` : `${length} pair${length === 1 ? '' : 's'}`

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
