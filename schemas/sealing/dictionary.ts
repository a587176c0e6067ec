import type { Item, Question, Questionnaire } from '../questionnaire.ts'
import { sealing } from './headers.ts'

const largest = 32_768
/** Checks have no answer, and calculations are made again where the record is opened. */
const neverSealed: ReadonlySet<Question['type']> = new Set(['note', 'calculate'])
/** How many different sample households the dictionary holds; the last is the nearest in deflate's window, so it is the likeliest one. */
const variants = 6

/**
 * The preset dictionary that deflates interviews of this questionnaire to about a sixth: the made-up households that came with it, or else such as
 * are made from its questions alone. At most 32 kB.
 */
export function dictionaryFor(questionnaire: Questionnaire): Uint8Array<ArrayBuffer> {
  if (questionnaire.dictionary === undefined) return dictionaryOfQuestions(questionnaire)
  return new TextEncoder().encode(questionnaire.dictionary).slice(-largest)
}

/** Every dictionary that a record of this questionnaire can name: an older app does not know the one that came with it. */
export function dictionariesFor(questionnaire: Questionnaire): readonly Uint8Array<ArrayBuffer>[] {
  const fromQuestions = dictionaryOfQuestions(questionnaire)
  return questionnaire.dictionary === undefined ? [fromQuestions] : [dictionaryFor(questionnaire), fromQuestions]
}

/**
 * Sample households with every question and its first choices, written as `complete.ts` writes an interview. Deterministic.
 *
 * @NOTE Phones in the field hold this version. A change of one byte here makes their records unreadable: add a second algorithm beside it instead.
 */
function dictionaryOfQuestions(questionnaire: Questionnaire): Uint8Array<ArrayBuffer> {
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
    if (item.kind === 'question') return neverSealed.has(item.type) ? [] : [{ question: item, ...(repeat !== undefined && { repeat }) }]
    return questionsOf(item.items, item.kind === 'repeat' ? item.name : repeat)
  })
}

/** One made-up household as `complete.ts` writes it: the same keys in the same order, first the identity, then the interview. */
function sample(questionnaire: Questionnaire, placed: readonly Placed[], variant: number): string {
  const isIdentifier = ({ question }: Placed) => question.sensitivity === 'direct identifier'
  const open = answersOf(
    questionnaire,
    placed.filter((each) => !isIdentifier(each)),
    variant,
  )
  const named = answersOf(questionnaire, placed.filter(isIdentifier), variant)
  const rows = Object.fromEntries(Object.entries(named).filter(([, value]) => Array.isArray(value)))
  const { id, version, sha256, defaultLanguage: language } = questionnaire
  const yes = variant % 2 === 0
  const identity = { schema: 'identity/1', id: 'r:', answers: named, rows }
  const interview = {
    schema: 'interview/1',
    id: 'r:',
    kind: 'interview',
    round: '2026-',
    area: '',
    questionnaire: { id, version, sha256 },
    device: '',
    started: '2026-0',
    finished: '2026-0',
    mode: 'face-to-face',
    language,
    consent: { purposes: { interview: true, sharing: yes, referral: yes, recontact: yes, linking: yes }, version, language, mode: '1' },
    answers: open,
    pruned: [],
    overrides: [],
    paradata: { secondsByQuestion: secondsOf(placed, variant), edits: 0, interruptions: 0, appVersion: '' },
    withdrawalCode: '',
  }
  return JSON.stringify(identity) + JSON.stringify(interview)
}

function answersOf(questionnaire: Questionnaire, placed: readonly Placed[], variant: number): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const { question, repeat } of placed) {
    const value = valueOf(questionnaire, question, variant)
    if (repeat === undefined) answers[question.name] = value
    else {
      const [row = {}] = (answers[repeat] ??= [{ _id: '' }]) as Record<string, unknown>[]
      row[question.name] = value
    }
  }
  return answers
}

/** Every third sample has durations, in the steps that the phone rounds to. */
function secondsOf(placed: readonly Placed[], variant: number): Record<string, number> {
  return variant % 3 === 1 ? Object.fromEntries(placed.map(({ question }) => [question.name, 10 + 10 * (variant % 2)])) : {}
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
    case 'hidden':
      return typeof question.default === 'object' ? '' : (question.default ?? '')
    default:
      return ''
  }
}
