import type { Item, Question, Questionnaire } from '../questionnaire.ts'
import type { Compiled } from './compile.ts'
import { type Html, html } from './html.ts'
import { unasked } from './question-types.ts'
import { plainText } from './variables.ts'
import { counted } from './workbook.ts'

// A preview shows how a list looks, not all of it.
const choicesShown = 8

/**
 * What `tala questionnaire check` says, as a piece of a page: a sentence, the problems and what is ignored as tables, and the form
 * question by question as a phone shows it. Everything an author wrote is escaped. Styles: `.survey-check`, `.phone`, `.phone-question`.
 */
export function surveyCheckHtml({ questionnaire, questions, languages, problems, ignored }: Compiled): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const verdict = errors > 0 ? `${counted(errors, 'error')} must be settled before this survey can be used.` : 'This survey can be used.'
  return html`<section class="survey-check">
<p role="status"><strong>${verdict}</strong> ${counted(questions, 'question')} in ${languages.join(', ')}; ${counted(problems.length - errors, 'warning')}; ${ignored.length} without effect.</p>
${
  problems.length > 0 &&
  table(
    'What to change',
    problems.map(({ message, severity, ...spot }) => ({ ...spot, kind: severity, message })),
  )
}
${
  ignored.length > 0 &&
  table(
    'Read, and without effect here',
    ignored.map(({ what, ...spot }) => ({ ...spot, kind: 'ignored', message: what })),
  )
}
${questionnaire !== undefined && previewHtml(questionnaire, questionnaire.defaultLanguage)}
</section>
`.markup
}

interface Line {
  readonly sheet: string
  readonly row: number
  readonly column: string
  readonly kind: string
  readonly message: string
}

function table(caption: string, lines: readonly Line[]): Html {
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">Sheet</th><th scope="col">Row</th><th scope="col">Column</th><th scope="col">Kind</th><th scope="col">What, and what to write instead</th></tr></thead>
<tbody>
${lines.map(({ sheet, row, column, kind, message }) => html`<tr><td>${sheet}</td><td>${row}</td><td>${column}</td><td>${kind}</td><td>${message}</td></tr>\n`)}</tbody></table>
`
}

/** The form as a phone shows it, one card per question, in one language. */
export function previewHtml(questionnaire: Questionnaire, language: string): Html {
  const direction = questionnaire.languages.find(({ code }) => code === language)?.direction ?? 'ltr'
  return html`<h2>As it looks on a phone</h2>
<div class="phone" lang="${language}" dir="${direction}">
${questionnaire.items.map((item) => itemHtml(item, questionnaire, language))}
</div>
`
}

function itemHtml(item: Item, questionnaire: Questionnaire, language: string): Html {
  if (item.kind === 'question') return questionHtml(item, questionnaire, language)
  return html`<h3>${plainText(item.label, language) || item.name}${item.kind === 'repeat' && ' ⟳'}</h3>
${item.items.map((each) => itemHtml(each, questionnaire, language))}`
}

function questionHtml(question: Question, { lists }: Questionnaire, language: string): Html {
  if (unasked.has(question.type) || (question.type === 'note' && question.severity !== undefined)) return html``
  const choices = question.list === undefined ? [] : (lists[question.list]?.choices ?? [])
  const sign = question.type === 'select_one' ? '○' : '☐'
  return html`<div class="phone-question">
<p><strong>${plainText(question.label, language)}</strong></p>
${question.hint && html`<p>${plainText(question.hint, language)}</p>`}
${
  choices.length > 0 &&
  html`<ul>${choices.slice(0, choicesShown).map(({ label }) => html`<li>${sign} ${plainText(label, language)}</li>`)}${choices.length > choicesShown && html`<li>… ${choices.length - choicesShown}</li>`}</ul>`
}
${question.type !== 'note' && choices.length === 0 && html`<p>${question.type}${question.unit !== undefined && ` (${question.unit})`}</p>`}
</div>
`
}
