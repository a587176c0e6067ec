import type { Item, Question, Questionnaire } from '../questionnaire.ts'
import { sealing } from './headers.ts'

const largest = 32_768
/** How many different sample households the dictionary holds; the last is the nearest in deflate's window, so it is the likeliest one. */
const variants = 6

/**
 * The preset dictionary that deflates interviews of this questionnaire to about a sixth: sample households with every question and its first choices,
 * written as `complete.ts` writes an interview. Deterministic, at most 32 kB.
 *
 * @NOTE Phones in the field hold this version. A change of one byte here makes their records unreadable: add a second algorithm beside it instead.
 */
export function dictionaryFor(questionnaire: Questionnaire): Uint8Array<ArrayBuffer> {
  const questions = questionsOf(questionnaire.items)
  const samples = Array.from({ length: variants }, (_, index) => sample(questionnaire, questions, variants - 1 - index))
  const bytes = new TextEncoder().encode(samples.join(''))
  return bytes.slice(Math.max(0, bytes.length - largest))
}

/** The `dic` of a sealed header: first 16 hex digits of the dictionary's SHA-256. */
export async function dictionaryName(dictionary: Uint8Array<ArrayBuffer>): Promise<string> {
  if (dictionary.length === 0) return sealing.noDictionary
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', dictionary))
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

interface Placed {
  readonly question: Question
  readonly repeat?: string
}

function questionsOf(items: readonly Item[], repeat?: string): readonly Placed[] {
  return items.flatMap((item) => {
    if (item.kind === 'question') return item.type === 'note' ? [] : [{ question: item, ...(repeat !== undefined && { repeat }) }]
    return questionsOf(item.items, item.kind === 'repeat' ? item.name : repeat)
  })
}

function sample(questionnaire: Questionnaire, placed: readonly Placed[], variant: number): string {
  const answers: Record<string, unknown> = {}
  for (const { question, repeat } of placed) {
    const value = valueOf(questionnaire, question, variant)
    if (repeat === undefined) answers[question.name] = value
    else {
      const rows = (answers[repeat] ??= [{ _id: '' }]) as Record<string, unknown>[]
      for (const row of rows) row[question.name] = value
    }
  }
  const seconds = Object.fromEntries(placed.map(({ question }) => [question.name, variant]))
  return JSON.stringify({
    ...envelope(questionnaire),
    answers,
    paradata: { secondsByQuestion: variant % 2 === 0 ? seconds : {}, edits: 0 },
  })
}

function envelope({ id, version, sha256, defaultLanguage }: Questionnaire) {
  const yes = { interview: true, sharing: true, referral: true, recontact: true, linking: true }
  return {
    schema: 'interview/1',
    id: 'r:',
    kind: 'interview',
    questionnaire: { id, version, sha256 },
    started: '2026-01-01T08:00:00+08:00',
    finished: '2026-01-01T09:00:00+08:00',
    mode: 'face-to-face',
    language: defaultLanguage,
    consent: { purposes: yes, version, language: defaultLanguage, mode: '1' },
    pruned: [],
    overrides: [],
  }
}

function valueOf(questionnaire: Questionnaire, question: Question, variant: number): unknown {
  const choices = questionnaire.lists[question.list ?? '']?.choices ?? []
  const code = choices[variant % Math.max(1, choices.length)]?.name ?? ''
  switch (question.type) {
    case 'select_one':
      return code
    case 'select_multiple':
    case 'rank':
      return [code]
    case 'integer':
    case 'decimal':
    case 'range':
      return variant
    case 'date':
      return variant % 2 === 0 ? '2020-01-01' : '1990-01-01'
    case 'calculate':
      return question.valueType === 'text' || question.valueType === 'code' ? String(variant) : variant % 2
    case 'hidden':
      return typeof question.default === 'object' ? '' : (question.default ?? '')
    default:
      return ''
  }
}
