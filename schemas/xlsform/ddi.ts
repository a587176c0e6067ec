import type { Questionnaire, Texts } from '../questionnaire.ts'
import { type Html, html } from './html.ts'
import { missingLabels, plainText, type Variable, variablesOf } from './variables.ts'

/**
 * The questionnaire as DDI-Codebook 2.5: study, one file per table, one variable per column. It describes the form; it holds no counts.
 * @source DDI Alliance, DDI-Codebook 2.5 schema; the order of elements is the schema's.
 */
export function ddiCodebook(questionnaire: Questionnaire): string {
  const variables = variablesOf(questionnaire).filter(({ heldApart }) => !heldApart)
  const tables = [...new Set(variables.map(({ table }) => table))]
  const { id, version, languages, defaultLanguage } = questionnaire
  const title = plainText(questionnaire.title, defaultLanguage)
  const codes = languages.map(({ code }) => code)
  return `<?xml version="1.0" encoding="UTF-8"?>
${
  html`<codeBook xmlns="ddi:codebook:2_5" version="2.5" ID="${id}" xml:lang="${tagOf(defaultLanguage)}">
<stdyDscr>
<citation><titlStmt><titl>${title}</titl><IDNo agency="Tala">${id}-${version}</IDNo></titlStmt><verStmt><version>${version}</version></verStmt></citation>
<stdyInfo><abstract>Questionnaire ${id}, version ${version}, content hash ${questionnaire.sha256}. Direct identifiers are not part of the files described here.</abstract></stdyInfo>
</stdyDscr>
${tables.map((table, index) => html`<fileDscr ID="F${index + 1}"><fileTxt><fileName>${table}</fileName></fileTxt></fileDscr>\n`)}<dataDscr>
${variables.map((variable, index) => variableXml(variable, index + 1, tables.indexOf(variable.table) + 1, codes))}</dataDscr>
</codeBook>
`.markup
}`
}

function variableXml(variable: Variable, number: number, file: number, languages: readonly string[]): Html {
  const { question, universe, calculation, choices } = variable
  const numeric = ['integer', 'decimal', 'range'].includes(question.valueType ?? question.type)
  const asked = question.calculation === undefined && question.label !== undefined
  return html`<var ID="V${number}" name="${question.name}" files="F${file}" intrvl="${numeric ? 'contin' : 'discrete'}">
${labels(question.label ?? { en: question.name }, languages)}${
  asked &&
  html`<qstn>${languages.flatMap((code) => literal('qstnLit', question.label?.[code], code))}${languages.flatMap((code) => literal('ivuInstr', question.hint?.[code], code))}</qstn>
`
}${universe !== '' && html`<universe xml:lang="en">${universe}</universe>\n`}${choices.map(({ name, label }) => html`<catgry${isMissing(name) && html` missing="Y"`}><catValu>${name}</catValu>${labels(label, languages)}</catgry>\n`)}${(question.missing ?? []).map((code) => html`<catgry missing="Y"><catValu>${numeric ? `-${code}` : code}</catValu><labl xml:lang="en">${missingLabels[code]}</labl></catgry>\n`)}${question.concept !== undefined && html`<concept>${question.concept}</concept>\n`}${calculation !== '' && html`<derivation><drvdesc xml:lang="en">${calculation}</drvdesc></derivation>\n`}<varFormat type="${numeric ? 'numeric' : 'character'}"/>
</var>
`
}

const isMissing = (code: string): boolean => code === '98' || code === '99'

function labels(texts: Texts, languages: readonly string[]): Html {
  return html`${languages.flatMap((code) => literal('labl', texts[code], code))}`
}

function literal(element: 'labl' | 'qstnLit' | 'ivuInstr', text: string | undefined, language: string): readonly Html[] {
  if (text === undefined) return []
  const plain = plainText({ [language]: text }, language)
  switch (element) {
    case 'labl':
      return [html`<labl xml:lang="${tagOf(language)}">${plain}</labl>`]
    case 'qstnLit':
      return [html`<qstnLit xml:lang="${tagOf(language)}">${plain}</qstnLit>`]
    default:
      return [html`<ivuInstr xml:lang="${tagOf(language)}">${plain}</ivuInstr>`]
  }
}

// xml:lang knows no undetermined form default; "und" is its tag.
const tagOf = (code: string): string => (/^(x-)?[A-Za-z0-9-]{1,16}$/.test(code) ? code : 'und')
