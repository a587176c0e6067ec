import { nodesOf } from '../interview/nodes.ts'
import type { Question, Questionnaire } from '../questionnaire.ts'
import { choiceKey, questionKey, withoutEnding } from './keys.ts'
import { type ArchivedFile, readTar, writeTar } from './tar.ts'

/** The spoken texts of one questionnaire in one language; a tar file with `pack.json` and one sound per text. */
export interface Recordings {
  readonly questionnaire: string
  readonly language: string
  /** By key, see `questionKey` and `choiceKey`. */
  readonly sounds: ReadonlyMap<string, Sound>
}

export interface Sound {
  readonly type: SoundType
  readonly bytes: Uint8Array
}

/** Endings of sound files, and what they are. */
export const soundTypes = { webm: 'audio/webm', ogg: 'audio/ogg', opus: 'audio/ogg', mp3: 'audio/mpeg', m4a: 'audio/mp4' } as const
export type SoundType = (typeof soundTypes)[keyof typeof soundTypes]

/** What the server tells a phone of a pack that it can bring. */
export interface RecordingsOffer {
  readonly schema: 'recordings/1'
  readonly questionnaire: string
  readonly language: string
  readonly sha256: string
  readonly bytes: number
  /** It comes in so many parts, so that a broken connection loses one. */
  readonly parts: number
  readonly sounds: number
}

export const partBytes = 256 * 1024

export interface Prompt {
  readonly key: string
  /** The words to say; what the form fills in is left out. */
  readonly text: string
}

/** Every text of a questionnaire that a person may hear, in the order of the form; answers once per list. */
export function promptsOf({ items, lists, defaultLanguage }: Questionnaire, language: string): readonly Prompt[] {
  const prompts = new Map<string, string>()
  const add = (key: string, texts: Readonly<Record<string, string>> | undefined) => {
    const text = texts?.[language] ?? texts?.[defaultLanguage]
    if (text !== undefined && !prompts.has(key)) prompts.set(key, text.replace(/\$\{\w+\}/g, '…'))
  }
  for (const { item } of nodesOf(items)) {
    if (item.kind !== 'question' || !isSpoken(item)) continue
    add(questionKey(item, language), item.label)
    const choices = item.list === undefined ? [] : (lists[item.list]?.choices ?? [])
    if (item.list === undefined || choices.length > longestSpoken) continue
    for (const choice of choices) add(choiceKey(item.list, choice, language), choice.label)
  }
  return [...prompts].map(([key, text]) => ({ key, text }))
}

/** Longer lists (countries) are searched, not listened to. */
const longestSpoken = 20

/** What the enumerator fills in is not read to anybody. */
function isSpoken({ type, severity, whoAnswers, consent }: Question): boolean {
  if (['calculate', 'hidden', 'start', 'end', 'today', 'deviceid'].includes(type) || severity !== undefined) return false
  return whoAnswers !== 'interviewer' || type === 'note' || consent !== undefined
}

export function writeRecordings({ questionnaire, language, sounds }: Recordings): Uint8Array {
  const about = new TextEncoder().encode(JSON.stringify({ schema: 'recordings/1', questionnaire, language }))
  const files = [...sounds].map(([key, { type, bytes }]): ArchivedFile => ({ name: `${key}.${endingOf(type)}`, bytes }))
  return writeTar([{ name: 'pack.json', bytes: about }, ...files])
}

/** @throws RangeError when the file is not a pack; its words name the file inside, never what was said. */
export function readRecordings(archive: Uint8Array): Recordings {
  const files = readTar(archive)
  const about = aboutOf(files.find(({ name }) => name === 'pack.json'))
  const sounds = new Map<string, Sound>()
  for (const { name, bytes } of files) {
    if (name === 'pack.json') continue
    const type = soundTypes[name.slice(name.lastIndexOf('.') + 1) as keyof typeof soundTypes] as SoundType | undefined
    if (type === undefined || !looksLike(type, bytes)) throw new RangeError(`${name} is not a sound: use .webm, .ogg, .opus, .mp3 or .m4a`)
    sounds.set(withoutEnding(name), { type, bytes })
  }
  return { ...about, sounds }
}

function aboutOf(file: ArchivedFile | undefined): Pick<Recordings, 'questionnaire' | 'language'> {
  let about: unknown
  try {
    about = JSON.parse(new TextDecoder().decode(file?.bytes))
  } catch {
    throw new RangeError('pack.json is missing or is not JSON')
  }
  const { questionnaire, language } = (about ?? {}) as { questionnaire?: unknown; language?: unknown }
  if (typeof questionnaire !== 'string' || typeof language !== 'string')
    throw new RangeError('pack.json must name questionnaire and language')
  return { questionnaire, language }
}

// The first bytes of each container: a page or a program under the name of a sound is refused.
function looksLike(type: SoundType, bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 12))
  if (type === 'audio/webm') return start.startsWith('\x1aE\xdf\xa3')
  if (type === 'audio/ogg') return start.startsWith('OggS')
  if (type === 'audio/mp4') return start.slice(4, 8) === 'ftyp'
  return start.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)
}

function endingOf(type: SoundType): string {
  return Object.entries(soundTypes).find(([, each]) => each === type)?.[0] ?? 'webm'
}
