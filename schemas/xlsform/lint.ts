import type { Node } from '../interview/nodes.ts'
import { referencesOf } from '../interview/references.ts'
import type { Question, Questionnaire, Texts } from '../questionnaire.ts'
import { type Compilation, spotOf } from './compilation.ts'
import { expressionsOf } from './expressions-of.ts'
import { readingGrade } from './reading-grade.ts'
import { unasked } from './question-types.ts'

type Content = Pick<Questionnaire, 'lists' | 'defaultLanguage'>

const gradeLimit = 6

/** The house rules of a survey on people: what may be asked, how, and where identifiers may be read. Only for forms that use our columns. */
export function lint(content: Content, nodes: readonly Node[], compilation: Compilation): void {
  if (
    !compilation.workbook.sheets.some(
      ({ name, header }) => name === 'survey' && header.some((each) => /^tala\s*::\s*sensitivity$/i.test(each)),
    )
  )
    return
  const identifiers = new Set(
    nodes.flatMap(({ item }) => (item.kind === 'question' && item.sensitivity === 'direct identifier' ? [item.name] : [])),
  )
  for (const { item } of nodes) {
    respectfulWords([item.label, item.hint], (message) => compilation.findings.error(spotOf(compilation, item, 'label'), message))
    identifiersStayApart({ item, identifiers, compilation })
    if (item.kind !== 'question') continue
    mayPreferNotToSay(item, content, compilation)
    plainWords(item, compilation)
  }
  for (const [list, { choices }] of Object.entries(content.lists)) {
    for (const choice of choices) {
      const row = compilation.workbook.sheets
        .find(({ name }) => name === 'choices')
        ?.rows.find(({ cells }) => cells.includes(list) && cells.includes(choice.name))?.row
      respectfulWords([choice.label], (message) =>
        compilation.findings.error({ sheet: 'choices', row: row ?? 1, column: 'label' }, message),
      )
    }
  }
}

// The United Nations and the Global Compact write "irregular" or "undocumented" of a situation, never "illegal" of a person.
function respectfulWords(texts: readonly (Texts | undefined)[], report: (message: string) => void): void {
  for (const text of texts.flatMap((each) => Object.values(each ?? {}))) {
    if (!/\billegals?\b(?!\s+(dump|fishing|logging|drug|wildlife))/i.test(text)) continue
    report('Nobody is illegal. Write "without papers" or "in an irregular situation".')
    return
  }
}

// Identifiers are sealed apart from the answers, so a condition on them could not be checked again by the server.
function identifiersStayApart({
  item,
  identifiers,
  compilation,
}: {
  item: Node['item']
  identifiers: ReadonlySet<string>
  compilation: Compilation
}): void {
  for (const { column, expression } of expressionsOf(item)) {
    const read = referencesOf(expression).find(({ name }) => identifiers.has(name) && name !== item.name)
    if (read === undefined) continue
    compilation.findings.error(
      spotOf(compilation, item, column),
      `\${${read.name}} is a direct identifier. It travels apart from the answers, so nothing may depend on it. Use another question.`,
    )
  }
}

function mayPreferNotToSay(question: Question, content: Content, compilation: Compilation): void {
  if (question.sensitivity !== 'sensitive' || unasked.has(question.type) || question.type === 'note') return
  if (question.whoAnswers === 'interviewer' || question.consent !== undefined) return
  const offered =
    question.missing?.includes('99') === true ||
    (question.list !== undefined && content.lists[question.list]?.choices.some(({ name }) => name === '99') === true)
  if (offered) return
  const where = question.list === undefined ? 'Write 99 in tala::missing' : `Add the choice 99 to the list ${question.list}`
  compilation.findings.error(
    spotOf(compilation, question, 'tala::sensitivity'),
    `A sensitive question needs the answer "prefer not to say". ${where}.`,
  )
}

function plainWords(question: Question, compilation: Compilation): void {
  const text = question.label?.['en']
  if (text === undefined || unasked.has(question.type) || question.type === 'note') return
  const grade = readingGrade(text)
  if (grade <= gradeLimit) return
  compilation.findings.warn(
    spotOf(compilation, question, 'label'),
    `This question needs about ${Math.round(grade)} years of school to understand. Use shorter words and sentences (grade ${gradeLimit} or below).`,
  )
}
