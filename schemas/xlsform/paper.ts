import { nodesOf } from '../interview/nodes.ts'
import { referencesOf } from '../interview/references.ts'
import { toWords, type WordNames } from '../language/to-words.ts'
import type { Group, Item, Question, Questionnaire, Repeat } from '../questionnaire.ts'
import { Html, html } from './html.ts'
import { missingLabel, namesIn, plainText } from './variables.ts'
import { unasked } from './question-types.ts'

// Longer lists are looked up in the code book of the round; on paper the code is written.
const longestPrinted = 25

interface Sheet {
  readonly questionnaire: Questionnaire
  readonly language: string
  readonly names: WordNames
  /** Names that conditions read: what is computed among them is worked out by hand. */
  readonly conditionsRead: ReadonlySet<string>
}

const style = `@page{size:A4;margin:15mm}body{font:11pt/1.4 system-ui,sans-serif;color:#000;background:#fff;max-width:180mm;margin:0 auto}
section{border:1.5pt solid #000;padding:2mm 4mm;margin:4mm 0}.question{break-inside:avoid;border-top:.5pt solid #000;padding:2mm 0}
.code{font-weight:bold}.skip,.hint{font-size:9.5pt}.skip{font-weight:bold}ul{list-style:none;margin:1mm 0;padding:0;columns:2}
.line{border-bottom:.8pt solid #000;height:8mm}.box{display:inline-block;width:6mm;height:7mm;border:.8pt solid #000}h1{font-size:16pt}h2{font-size:13pt}`

/** The questionnaire to be filled in by hand: every question with its choices, and skip instructions in words. */
export function paperForm(questionnaire: Questionnaire, language = questionnaire.defaultLanguage): string {
  const conditions = nodesOf(questionnaire.items).flatMap(({ item }) =>
    item.relevant === undefined || isCheck(item) ? [] : referencesOf(item.relevant),
  )
  const conditionsRead = new Set(conditions.map(({ name }) => name))
  const sheet: Sheet = { questionnaire, language, names: namesIn(questionnaire), conditionsRead }
  const direction = questionnaire.languages.find(({ code }) => code === language)?.direction ?? 'ltr'
  const title = plainText(questionnaire.title, language)
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} (paper form)</title><style>${new Html(style)}</style></head>
<body>
<h1>${title}</h1>
<p>Version ${questionnaire.version}. Paper form, to be typed into Tala within the day and then destroyed by the rule of the round. ○ one answer, □ all that apply.</p>
${questionnaire.items.map((item) => itemHtml(item, sheet))}
</body>
</html>
`.markup
}

function itemHtml(item: Item, sheet: Sheet): Html {
  if (item.kind === 'question') return questionHtml(item, sheet)
  return sectionHtml(item, sheet)
}

function sectionHtml(section: Group | Repeat, sheet: Sheet): Html {
  const inner = section.items.map((item) => itemHtml(item, sheet))
  if (inner.every(({ markup }) => markup === '')) return html``
  return html`<section>
<h2>${plainText(section.label, sheet.language) || section.name}</h2>
${section.kind === 'repeat' && html`<p class="skip" lang="en" dir="ltr">Fill in this part once for each member. Use a copy of these pages for each. Member number: <span class="box"></span> <span class="box"></span></p>`}
${skipHtml(section, sheet)}
${section.hint && html`<p class="hint">${plainText(section.hint, sheet.language)}</p>`}
${inner}
</section>
`
}

function skipHtml({ relevant }: Item, { names }: Sheet): Html | undefined {
  return relevant === undefined ? undefined : html`<p class="skip" lang="en" dir="ltr">Only if: ${toWords(relevant, names)}.</p>`
}

function questionHtml(question: Question, sheet: Sheet): Html {
  if (isCheck(question)) return checkHtml(question, sheet)
  if (question.calculation !== undefined) return workedOutHtml(question, sheet)
  if (unasked.has(question.type)) return html``
  return html`<div class="question">
${skipHtml(question, sheet)}
<p><span class="code">${question.type === 'note' ? '' : question.name}</span> ${plainText(question.label, sheet.language)}</p>
${question.hint && html`<p class="hint">${plainText(question.hint, sheet.language)}</p>`}
${answerHtml(question, sheet)}
</div>
`
}

function workedOutHtml({ name, calculation }: Question, { names, conditionsRead }: Sheet): Html {
  if (calculation === undefined || !conditionsRead.has(name)) return html``
  return html`<p class="hint" lang="en" dir="ltr">Work out <span class="code">${name}</span>: ${toWords(calculation, names)}: ______</p>
`
}

const isCheck = (item: Item): boolean => item.kind === 'question' && item.type === 'note' && item.severity !== undefined

function checkHtml(question: Question, sheet: Sheet): Html {
  if (question.relevant === undefined) return html``
  return html`<p class="hint">Check: ${plainText(question.label, sheet.language)} <span lang="en" dir="ltr">(when ${toWords(question.relevant, sheet.names)})</span></p>
`
}

function answerHtml(question: Question, sheet: Sheet): Html {
  const choices = question.list === undefined ? [] : (sheet.questionnaire.lists[question.list]?.choices ?? [])
  const missing = (question.missing ?? []).map((code) => html` □ ${code} ${missingLabel(sheet.questionnaire, code, sheet.language)}`)
  if (question.type === 'note') return html``
  if (question.type === 'acknowledge') return html`<p>□</p>`
  if (choices.length > longestPrinted) return html`<p lang="en" dir="ltr">Code from the list “${question.list}”: ${boxes(4)}</p>`
  if (choices.length > 0) {
    const sign = question.type === 'select_one' ? '○' : question.type === 'rank' ? '__' : '□'
    return html`<ul>${choices.map(({ name, label }) => html`<li>${sign} ${name} ${plainText(label, sheet.language)}</li>`)}</ul>`
  }
  if (question.type === 'integer' || question.type === 'range') return html`<p>${boxes(4)} ${question.unit}${missing}</p>`
  if (question.type === 'decimal') return html`<p>${boxes(8)} ${question.unit}${missing}</p>`
  if (question.type === 'date')
    return html`<p lang="en" dir="ltr">Year ${boxes(4)} Month ${boxes(2)}${question.appearance?.includes('month-year') !== true && html` Day ${boxes(2)}`}${missing}</p>`
  return html`<div class="line"></div>${missing.length > 0 && html`<p>${missing}</p>`}`
}

const boxes = (count: number): Html => html`${Array.from({ length: count }, () => html`<span class="box"></span>`)}`
