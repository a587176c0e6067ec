import { stringify } from 'csv-stringify/sync'
import type { Questionnaire } from '../questionnaire.ts'
import { Html, html } from './html.ts'
import { missingLabels, plainText, type Variable, variablesOf } from './variables.ts'

/** The codebook as CSV: one line per variable, labels in every language, universe and rules in words. */
export function codebookCsv(questionnaire: Questionnaire): string {
  const { languages } = questionnaire
  const header = [
    'table',
    'name',
    'type',
    'unit',
    ...languages.map(({ code }) => `label_${code}`),
    'universe',
    'values',
    'missing',
    'rule',
    'calculation',
    'sensitivity',
    'concept',
    'who_answers',
  ]
  const lines = variablesOf(questionnaire).map((variable) => [
    variable.heldApart ? '(held apart)' : variable.table,
    variable.question.name,
    typeOf(variable),
    variable.question.unit ?? '',
    ...languages.map(({ code }) => variable.question.label?.[code] ?? ''),
    variable.universe,
    variable.choices.map(({ name, label }) => `${name} = ${plainText(label, questionnaire.defaultLanguage)}`).join('; '),
    (variable.question.missing ?? []).map((code) => `${code} = ${missingLabels[code]}`).join('; '),
    variable.rule,
    variable.calculation,
    variable.question.sensitivity,
    variable.question.concept ?? '',
    variable.question.whoAnswers ?? '',
  ])
  return stringify([header, ...lines])
}

const typeOf = ({ question }: Variable): string => question.valueType ?? question.type

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#111;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #8a9099}
article{border-top:2px solid #111;margin-top:2rem}h2{margin-top:3rem}code{font-size:1em}dt{font-weight:bold}dd{margin:0 0 .5rem}
@media print{article{break-inside:avoid}}`

/** The codebook as a page to read and print, in one of the questionnaire's languages; conditions are in English. */
export function codebookHtml(questionnaire: Questionnaire, language = questionnaire.defaultLanguage): string {
  const direction = questionnaire.languages.find(({ code }) => code === language)?.direction ?? 'ltr'
  const variables = variablesOf(questionnaire)
  const tables = [...new Set(variables.map(({ table }) => table))]
  const title = plainText(questionnaire.title, language)
  const page = html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Codebook: ${title}</title><style>${new Html(style)}</style></head>
<body>
<h1>${title}</h1>
<p>Codebook of <code>${questionnaire.id}</code>, version ${questionnaire.version}. Content hash <code>${questionnaire.sha256}</code>.</p>
<p>An empty cell means: not asked. The codes 98 (don’t know) and 99 (prefer not to say) stand in the answer of a choice, and in the column
<code>name_missing</code> for numbers, dates and texts. Direct identifiers are asked, but travel and are kept apart from the tables.</p>
${tables.map((table) =>
  tableHtml(
    table,
    variables.filter((each) => each.table === table),
    language,
  ),
)}
</body>
</html>
`
  return page.markup
}

function tableHtml(table: string, variables: readonly Variable[], language: string): Html {
  return html`<h2>Table <code>${table}</code></h2>
${variables.map((variable) => variableHtml(variable, language))}`
}

function variableHtml({ question, heldApart, universe, rule, calculation, choices }: Variable, language: string): Html {
  const facts: readonly (readonly [string, string])[] = [
    ['Type', `${question.valueType ?? question.type}${question.unit === undefined ? '' : `, in ${question.unit}`}`],
    ['Asked of', universe],
    ['Rule', rule],
    ['Computed as', calculation],
    ['Missing codes', (question.missing ?? []).map((code) => `${code} ${missingLabels[code]}`).join(', ')],
    ['Sensitivity', question.sensitivity + (heldApart ? ', held apart from the tables' : '')],
    ['Concept', question.concept ?? ''],
    ['Who answers', question.whoAnswers ?? ''],
  ]
  return html`<article id="${question.name}">
<h3><code>${question.name}</code> ${plainText(question.label, language)}</h3>
${question.hint && html`<p>${plainText(question.hint, language)}</p>`}
<dl>${facts.filter(([, words]) => words !== '').map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl>
${
  choices.length > 0 &&
  html`<table><thead><tr><th scope="col">Code</th><th scope="col">Label</th></tr></thead><tbody>
${choices.map(({ name, label }) => html`<tr><td><code>${name}</code></td><td>${plainText(label, language)}</td></tr>`)}
</tbody></table>`
}
</article>
`
}
