import type { Question, Texts } from '../questionnaire.ts'
import type { Form } from './form.ts'
import type { Planned } from './plan.ts'
import type { Reading, Where } from './reading.ts'

const unknownYet = '…'

/** A text of the form with every `${name}` replaced by what was answered there: the label of a choice, not its code. */
export function textAt(reading: Reading, node: Planned, where: Where, part: Parameters<Form['text']>[2], language: string): string {
  const { item } = node
  const texts = part === 'label' || part === 'hint' ? item[part] : item.kind === 'question' ? item[part] : undefined
  return inLanguage(texts, language, reading.questionnaire.defaultLanguage).replace(/\$\{\s*([^}\s]+)\s*\}/g, (_, name: string) =>
    answerInWords(reading, name, where, language),
  )
}

/** A text in a language, else in the default language, else in any. */
export function inLanguage(texts: Texts | undefined, language: string, defaultLanguage: string): string {
  return texts?.[language] ?? texts?.[defaultLanguage] ?? Object.values(texts ?? {})[0] ?? ''
}

function answerInWords(reading: Reading, name: string, where: Where, language: string): string {
  const node = reading.plan.byName.get(name)
  if (node?.item.kind !== 'question') return unknownYet
  const inReach = node.repeat === undefined || node.repeat === where?.repeat
  const places = inReach ? [where] : reading.places(node)
  const words = places.map((place) => inWords(reading, node, node.item as Question, place, language)).filter((each) => each !== '')
  return words.length === 0 ? unknownYet : words.join(', ')
}

function inWords(reading: Reading, node: Planned, item: Question, where: Where, language: string): string {
  const value = reading.value(node, where)
  const codes = Array.isArray(value) ? value : [String(value)]
  if (item.list === undefined) return codes.join(' ')
  return codes.map((code) => (code === '' ? '' : reading.choiceName(item.name, code, language))).join(', ')
}
